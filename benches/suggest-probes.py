#!/usr/bin/env python3
"""Probes for suggestions, made from the terms of a collection: what someone types, and the term meant.

    pip install jieba pypinyin
    benches/suggest-probes.py FOLDER [--number 100] [--seed 1] > probes.tsv
    cargo bench --bench suggesting -- INDEX probes.tsv

FOLDER holds .txt, .md and .jsonl files (column `text`). The words and readings are those of jieba and
pypinyin, and not those of the program that is measured. Terms are drawn by chance from the words and the
pairs of words of two to eight characters that occur at least five times, and of these the ones that stand by themselves:
no one word stands before or behind more than six of ten of them, punctuation counting as many words. A line has the kind of the probe, what
is typed and the term. Kinds: `pinyin` is all of a term, `mixed` characters and then pinyin, `initials` the first
letters of three or more characters, `started` its pinyin but for the last syllable, `homophone` one character replaced by a common one that
sounds the same. It writes nothing but what it prints.
"""

import argparse
import collections
import json
import pathlib
import random
import re
import sys

import jieba
import pypinyin

HAN = re.compile(r"[\u4e00-\u9fff]+")
# Words that nobody looks for; a pair does not begin or end with one.
IDLE = set(
    "的 了 和 与 及 或 等 在 对 把 被 将 是 以 为 于 之 其 而 并 由 从 向 到 使 也 都 就 应当 可以 不得 进行 以及 或者 有关 按照 根据 依照 "
    "其他 规定 如果 因为 所以 但是 并且 而且 通过 关于 对于 之一 之间 以上 以下 以内 同时 予以 下列 前款 本法 本条例 能够 必须 需要 "
    "没有 不是 不能 为了 我们 他们 这个 一个 自己 已经 第一 第二 第三 各级 不予 由于 人 后 前 时 内 中 外 上 下 年 月 日 条 款 项 不 无 未 有 各 每 该 此 本".split()
)


def texts(folder):
    for path in sorted(pathlib.Path(folder).rglob("*")):
        if path.suffix in (".txt", ".md"):
            yield path.read_bytes().decode("utf-8", "ignore")
        elif path.suffix == ".jsonl":
            for line in path.open(encoding="utf-8"):
                yield json.loads(line).get("text", "")


def terms(folder):
    counted = collections.Counter()
    before = collections.defaultdict(collections.Counter)
    behind = collections.defaultdict(collections.Counter)

    def seen(term, left, right):
        counted[term] += 1
        if left:
            before[term][left] += 1
        if right:
            behind[term][right] += 1

    for text in texts(folder):
        for run in HAN.findall(text):
            words = [None, *jieba.cut(run, HMM=False), None]
            for at in range(1, len(words) - 1):
                word, then = words[at], words[at + 1]
                if len(word) < 2 or word in IDLE:
                    continue
                seen(word, words[at - 1], then)
                if then and len(then) >= 2 and then not in IDLE:
                    seen(word + then, words[at - 1], words[at + 2])

    def stands_alone(term):
        most = 0.6 * counted[term]
        neighbours = (before[term], behind[term])
        return all(not n or n.most_common(1)[0][1] <= most for n in neighbours)

    known = (t for t, n in counted.items() if n >= 5 and 2 <= len(t) <= 8)
    return sorted(t for t in known if stands_alone(t)), counted


def common_characters(counted):
    characters = collections.Counter()
    for term, number in counted.items():
        for character in term:
            characters[character] += number
    by_sound = collections.defaultdict(list)
    for character, _ in characters.most_common(3000):
        by_sound[pypinyin.lazy_pinyin(character)[0]].append(character)
    return by_sound


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder")
    arguments.add_argument("--number", type=int, default=100)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    chance = random.Random(given.seed)
    known, counted = terms(given.folder)
    by_sound = common_characters(counted)
    chance.shuffle(known)
    # Half drawn evenly, half as often as they occur: both what is rare and what is frequent is typed.
    frequent = chance.choices(known, [counted[t] for t in known], k=len(known))
    drawn = iter(dict.fromkeys(t for pair in zip(frequent, known) for t in pair))

    def write(kind, number, typed):
        left = number
        for term in drawn:
            text = typed(term, pypinyin.lazy_pinyin(term))
            if text and text != term:
                print(kind, text, term, sep="\t")
                left -= 1
                if not left:
                    return
        sys.exit(f"{given.folder} has too few terms for {number} probes of kind {kind}")

    def homophone(term, syllables):
        places = list(range(len(term)))
        chance.shuffle(places)
        for place in places:
            alike = [c for c in by_sound[syllables[place]] if c != term[place]]
            chance.shuffle(alike)
            for other in alike[:3]:
                typed = term[:place] + other + term[place + 1 :]
                # Another term of the collection is no slip of the pen.
                if counted[typed] == 0 and len(term) >= 3:
                    return typed
        return None

    number = given.number
    write("pinyin", number * 40 // 100, lambda t, s: "".join(s))
    write("mixed", number * 20 // 100, lambda t, s: t[0] + "".join(s[1:]))
    write("started", number * 20 // 100, lambda t, s: "".join(s[:-1]) if len(s) > 2 else None)
    write("initials", number * 20 // 100, lambda t, s: "".join(x[0] for x in s) if len(s) > 2 else None)
    write("homophone", number, homophone)


main()
