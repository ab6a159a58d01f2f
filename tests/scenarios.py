#!/usr/bin/env python3
"""The ten scenarios of an analyst's work, on a folder of real documents.

    tests/scenarios.py FOLDER GOLD [--duibiao PROGRAM]

FOLDER holds the five documents that the scenarios are about, and GOLD the labels over them, with
ids such as 000-m028: a document is the file whose name begins with its number, a passage is the
one that stands where the label says. What is asked for is asked at the terminal and of a server;
each scenario is a line, what does not hold is listed below it, and then it exits with 1. Scenario 1
is about tables that compare, and is checked as far as a search goes.

It changes nothing: the index is built in a temporary folder. Only Python's own library is needed.
"""

import argparse
import html
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from pathlib import Path

TOLERANCE = 4  # Code points by which a passage may begin or end elsewhere than the label says.


class Index:
    """The documents, indexed and served."""

    def __init__(self, program, folder, gold, place):
        self.program, self.gold = program, gold
        self.environment = dict(os.environ, DUIBIAO_INDEX=f"{place}/index", NO_COLOR="1")
        self.environment.pop("DUIBIAO_LEXICON", None)
        subprocess.run([program, "index", folder], env=self.environment, check=True, capture_output=True)
        self.server = subprocess.Popen(
            [program, "serve", "--addr", "127.0.0.1:0", "--log", "off"],
            env=self.environment, stdout=subprocess.PIPE, text=True,
        )
        self.url = self.server.stdout.readline().strip().rstrip("/")
        found = self.api("search", unit="document", limit=100)["hits"]
        self.ids = {Path(hit["path"]).name[:3]: hit["id"] for hit in found}
        self.numbers = {id: number for number, id in self.ids.items()}
        self.labels = {label["id"]: label for label in gold["measures"]}

    def run(self, *args):
        done = subprocess.run([self.program, *args], env=self.environment, capture_output=True, text=True)
        return done.stdout

    def json(self, *args):
        return json.loads(self.run(*args, "--format", "json"))

    def get(self, path):
        request = urllib.request.Request(self.url + path, headers={"Accept": "text/html"})
        with urllib.request.urlopen(request) as answer:
            return answer.read().decode()

    def api(self, route, **parameters):
        return json.loads(self.get(f"/api/v1/{route}?{urllib.parse.urlencode(parameters, doseq=True)}"))

    def search(self, query="", **parameters):
        parameters.setdefault("limit", 200)
        return self.api("search", q=query, **parameters)

    def document(self, number):
        return self.api(f"documents/{self.ids[number]}")

    def is_at(self, hit, label):
        """Whether a hit is the passage of a label: most of either lies in the other."""
        label = self.labels[label]
        if self.numbers.get(hit["document_id"]) != label["doc"]:
            return False
        common = min(hit["end"], label["end"]) - max(hit["begin"], label["begin"])
        return common > 0 and common >= 0.6 * min(hit["end"] - hit["begin"], label["end"] - label["begin"])

    def labelled(self, hit):
        """The label of a hit, else where it stands."""
        found = (id for id in self.labels if self.is_at(hit, id))
        return next(found, f"{self.numbers[hit['document_id']]}@{hit['begin']}")

    def among(self, hits, label):
        return any(self.is_at(hit, label) for hit in hits)

    def numbers_of(self, **parameters):
        found = self.search(unit="document", **parameters)
        return sorted(self.numbers[hit["id"]] for hit in found["hits"])


def words(page):
    """The text of a page."""
    page = re.sub(r"<(script|style).*?</\1>", "", page, flags=re.S)
    return html.unescape(re.sub(r"<[^>]+>", "", page))



def scenario_1(index, hold):
    found = index.search("审批提速")["hits"]
    hold("000-m028 is found", index.among(found, "000-m028"))
    hold("003-m02 is found", index.among(found, "003-m02"))
    hold("000-m141 is not among the first two", not index.among(found[:2], "000-m141"))


def scenario_2(index, hold):
    simplified, traditional = index.search("人才引进"), index.search("人才引進")
    ids = [[hit["id"] for hit in found["hits"]] for found in (simplified, traditional)]
    hold("both scripts find the same in the same order", ids[0] == ids[1] and ids[0])
    first = simplified["hits"][0]
    hold(f"003-m24 comes first, not {index.labelled(first)}", index.is_at(first, "003-m24"))
    text = index.document("003")["text"]
    hold("the snippet is the original", first["snippet"]["text"] in text)
    marked = ["".join(first["snippet"]["text"][r["begin"]:r["end"]]) for r in first["snippet"]["ranges"]]
    hold(f"what is marked is 人才引進: {marked}", any("人才引進" in words for words in marked))
    passage = index.api(f"measures/{first['id']}")
    hold("the passage stands where it is said to", text[first["begin"]:first["end"]] == passage["text"])
    found = index.search("着力")["hits"]
    hold("着力 finds 著力", any(index.numbers[hit["document_id"]] == "003" for hit in found))


def scenario_3(index, hold):
    expected = {"2010": [], "2011": ["001"], "2016": [], "2023": ["002"]}
    for year, numbers in expected.items():
        found = index.numbers_of(year=year)
        hold(f"year={year} gives {numbers}, not {found}", found == numbers)
    found = index.numbers_of(period="2016")
    hold(f"period=2016 gives 000, not {found}", found == ["000"])
    unknown, in_2018 = index.numbers_of(year="不详"), index.numbers_of(year="2018")
    year = index.document("003")["year"]
    is_inferred = in_2018 == ["003"] and bool(year) and year["inferred"]
    hold("003 is of 2018 and marked as inferred, or undated", is_inferred or not in_2018 and "003" in unknown)
    hold(f"004 is undated: {unknown}", "004" in unknown)


def scenario_4(index, hold):
    for city in ["深圳", "杭州", "厦门", "成都", "武汉", "呼伦贝尔"]:
        found = index.numbers_of(city=city)
        hold(f"city={city} gives none, not {found}", not found)
    for name, value, numbers in [
        ("city", "哈尔滨", ["000", "001", "003"]),
        ("province", "黑龙江", ["000", "001", "003", "004"]),
        ("province", "辽宁", ["002"]),
    ]:
        found = index.numbers_of(**{name: value})
        hold(f"{name}={value} gives {numbers}, not {found}", found == numbers)
    label = index.labels["004-m10"]
    named = [
        place for passage in index.document("004")["measures"] for place in passage.get("places", [])
        if label["begin"] <= place["begin"] < label["end"] and "呼伦贝尔" in place["name"]
    ]
    roles = [place["role"] for place in named]
    hold(f"呼伦贝尔 is a partner in 004-m10, not {roles}", roles and set(roles) == {"partner"})


def scenario_5(index, hold):
    ledger = index.api(f"documents/{index.ids['002']}/ledger")
    hold(f"31 rows, not {len(ledger['rows'])}", len(ledger["rows"]) == 31)
    numbers = [row["number"] for row in ledger["rows"]]
    hold("items 5 to 35", numbers == list(range(5, 36)))
    text = index.document("002")["text"]
    problems = [row["problem"] for row in ledger["rows"]]
    hold("every problem stands in 针对“…”的问题", all(f"针对“{problem}”的问题" in text for problem in problems))
    wanted = "未建立‘中介服务超市’、相关准入退出机制和好差评管理制度"
    hold(f"the problem of item 23: {problems[18]}", problems[18] == wanted)
    hold("items 1 to 4 are missing", ledger["missing"] == [{"from": 1, "to": 4}])
    page = words(index.get(f"/documents/{index.ids['002']}/ledger"))
    hold("the page says that they are", "1—4" in page)


def scenario_6(index, hold):
    found = index.search("容缺受理")
    hold("exact_total is 0", found["exact_total"] == 0 and found["total"] == 0)
    hold("000-m030 is related", index.among(found["related"], "000-m030"))
    hold(f"nothing else is said to be meant: {found['did_you_mean']}", not found["did_you_mean"] and not found["corrected"])
    page = words(index.get("/search?q=%E5%AE%B9%E7%BC%BA%E5%8F%97%E7%90%86"))
    hold("the page says that none of the five has it", "在全部 5 份文件中没有检到" in page and "没有出现过的词语：容缺" in page)
    hold("the page says what is related", "另列相关" in page)


def scenario_7(index, hold):
    found = index.search("政府采购")["hits"]
    labels = [index.labelled(hit) for hit in found[:3]]
    hold(f"the first three: {labels}", set(labels) <= {"000-m129", "000-m130", "000-m135"} and len(set(labels)) == 3)
    is_annex = [index.numbers[hit["document_id"]] == "001" and hit["begin"] >= 3124 for hit in found]
    hold("no measure stands below an annex", is_annex == sorted(is_annex))
    kinds = {hit["kind"] for hit, annex in zip(found, is_annex) if annex}
    hold(f"the annex is one: {kinds}", kinds == {"annex"})
    documents = index.search("政府采购", unit="document")["hits"]
    order = [index.numbers[hit["id"]] for hit in documents]
    hold(f"a document that has it in an annex stands below those with measures: {order}", order and order[-1] == "001")


def scenario_8(index, hold):
    proposed = ["003-m39", "003-m40", "003-m41", "003-m42"]
    done = index.search("政务诚信 失信记录", status="done")
    hits = done["hits"] + done["related"]
    hold("none of them is done", not any(index.among(hits, label) for label in proposed))
    found = index.search("政务诚信 失信记录")["hits"]
    for label in proposed:
        status = [hit["status"] for hit in found if index.is_at(hit, label)]
        hold(f"{label} is found as proposed: {status}", status and set(status) == {"proposed"})
    page = words(index.get("/search?q=" + urllib.parse.quote("政务诚信 失信记录")))
    hold("the page calls them 建议", "建议" in page)


def scenario_9(index, hold):
    deadlines = [
        deadline for passage in index.document("000")["measures"] for deadline in passage["deadlines"]
        if deadline["normalized"] == "2017-12-31"
    ]
    labels = [d for d in index.gold["deadlines"] if d["doc"] == "000" and d["normalized"] == "2017-12-31"]
    hold(f"three deadlines, not {len(deadlines)}", len(deadlines) == len(labels) == 3)
    for label in labels:
        within = [d for d in deadlines if label["begin"] - TOLERANCE <= d["begin"] < label["end"]]
        hold(f"one of them is {label['quote']}", len(within) == 1)
    found = [hit for hit in index.search("执结率")["hits"] if index.is_at(hit, "004-m14")]
    hold("004-m14 is found", len(found) == 1)
    figures = [f for hit in found for f in index.api(f"measures/{hit['id']}")["figures"] if f["quote"] == "33. 3%"]
    said = [(figure["value"], figure["unit"], figure["what"]) for figure in figures]
    hold(f"it says 33.3%: {said}", len(said) == 1 and said[0][:2] == (33.3, "%"))
    hold("which is no 实际执结率", all(what and "执结率" in what and "实际" not in what for *_, what in said))


def scenario_10(index, hold):
    label = index.labels["002-m17"]
    passages = index.document("002")["measures"]
    own = [p for p in passages if p["begin"] <= label["begin"] < p["end"] and not p.get("is_heading")]
    hold("the passage is there", len(own) == 1)
    for number in ["001", "002"]:
        id = index.ids[number]
        cited = index.document(number)["citation"]
        if number == "002" and own:
            id = f"{id}-m{own[0]['ordinal']}"
            hold("terminal and API cite one way", index.json("show", id)["citation"] == index.api(f"measures/{id}")["citation"] == cited)
            passage = index.api(f"measures/{id}")
            text = index.document(number)["text"]
            hold("the passage stands where it is said to", text[passage["begin"]:passage["end"]] == passage["text"])
        hold("the terminal prints it", any(line.strip() == cited for line in index.run("show", index.ids[number]).splitlines()))
        page = index.get(f"/documents/{index.ids[number]}")
        on_page = re.search(r'<p class="citation" id="citation"[^>]*>(.*?)</p>', page, re.S)
        hold("the page has it", on_page and html.unescape(on_page[1]).strip() == cited)
        if number == "002":
            hold(f"no newspaper is made up: {cited}", "〔报名：" in cited)
        else:
            hold(f"no title is made up: {cited}", re.search(r"\. 〔[^〕]*题[^〕]*〕", cited))


SCENARIOS = [
    ("1 the same measure, compared", scenario_1),
    ("2 Traditional and Simplified", scenario_2),
    ("3 years are not fooled", scenario_3),
    ("4 places are not fooled", scenario_4),
    ("5 the ledger of problems", scenario_5),
    ("6 nothing found, said honestly", scenario_6),
    ("7 lists of names", scenario_7),
    ("8 a proposal is no achievement", scenario_8),
    ("9 figures and deadlines", scenario_9),
    ("10 citations to copy", scenario_10),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--duibiao", default="target/release/duibiao")
    args = parser.parse_args()
    gold = json.loads(args.gold.read_text(encoding="utf-8"))
    failed = 0
    with tempfile.TemporaryDirectory() as place:
        index = Index(args.duibiao, str(args.folder), gold, place)
        try:
            for name, scenario in SCENARIOS:
                wrong, held = [], 0

                def hold(claim, is_true):
                    nonlocal held
                    held += bool(is_true)
                    if not is_true:
                        wrong.append(claim)

                scenario(index, hold)
                print(f"{'holds' if not wrong else 'FAILS'}  {name} ({held} of {held + len(wrong)})")
                for claim in wrong:
                    print(f"       not so: {claim}")
                failed += bool(wrong)
        finally:
            index.server.terminate()
            index.server.wait()
    print(f"{len(SCENARIOS) - failed} of {len(SCENARIOS)} scenarios hold")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
