#!/usr/bin/env python3
"""How often `similar --elsewhere` finds an article of the same matter among the first three.

    benches/similar-pairs.py target/release/duibiao INDEX benches/similar-pairs.csv

INDEX holds regulations with the titles of the table. A pair counts where the article that was
labelled, by reading, as one of the same matter is among the first three: a floor, since another
article of the matter may stand there instead.
"""

import csv
import json
import re
import subprocess
import sys

ARTICLE = re.compile(r"\s*(第[〇零一二三四五六七八九十百]+条)")


def run(program, index, *arguments):
    command = [program, *arguments, "--index", index]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def key(hit):
    found = ARTICLE.match(hit["text"])
    return (hit["title"], found.group(1)) if found else None


def main(program, index, table):
    rows = run(program, index, "search", "--all", "--format", "jsonl")
    ids = {}
    for line in rows.splitlines():
        hit = json.loads(line)
        hit["text"] = hit.get("text") or hit["snippet"]["text"]
        if key(hit):
            # Two versions of a regulation have one title.
            ids.setdefault(key(hit), []).append(hit["id"])
    asked = found = 0
    for pair in csv.DictReader(open(table, encoding="utf-8")):
        passages = ids.get((pair["title"], pair["article"]))
        if not passages:
            continue
        asked += 1
        answer = json.loads(
            run(program, index, "similar", passages[-1], "--elsewhere", "--limit", "3", "--format", "json")
        )
        wanted = ids.get((pair["other_title"], pair["other_article"]), [])
        # A hit stands for its near-copies too.
        copies = [copy["id"] for hit in answer["hits"] for copy in hit.get("copies", [])]
        shown = [hit["id"] for hit in answer["hits"]] + copies
        found += any(passage in shown for passage in wanted)
    print(f"{found} of {asked} pairs ({100 * found / max(asked, 1):.1f} %)")


if __name__ == "__main__":
    main(*sys.argv[1:])
