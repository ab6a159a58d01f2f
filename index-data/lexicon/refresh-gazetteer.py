#!/usr/bin/env python3
"""Writes places.csv and short-names.csv from the two upstream tables.

    python3 refresh-gazetteer.py FOLDER

FOLDER holds county-codes-1980-2024.csv (yescallop/areacodes), areas.csv and cities.csv
(modood/Administrative-divisions-of-China); see SOURCES.md. Hand-made files (aliases.csv,
ordinary-words.txt) are read, never written: a row of aliases.csv takes the place of a derived
row with the same alias and code. What a person has to look at is printed; nothing is guessed
silently. Needs Python 3.9 or later and nothing else.
"""

import csv
import re
import sys
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
LEVELS = {"省级": "province", "地级": "city", "县级": "county"}
MUNICIPALITIES = {"110000", "120000", "310000", "500000"}

# As they stand in the names of autonomous divisions; longest first so that 蒙古族 wins over 蒙古.
PEOPLES = sorted(
    """壮族 回族 满族 苗族 维吾尔 土家族 彝族 蒙古族 蒙古 藏族 布依族 侗族 瑶族 朝鲜族 白族 哈尼族 哈萨克族 哈萨克
    黎族 傣族 畲族 傈僳族 仡佬族 东乡族 拉祜族 水族 佤族 纳西族 羌族 土族 仫佬族 锡伯 柯尔克孜 达斡尔族 景颇族
    毛南族 撒拉族 布朗族 塔吉克 阿昌族 普米族 鄂温克族 怒族 京族 基诺族 德昂族 保安族 裕固族 独龙族 各族""".split(),
    key=len,
    reverse=True,
)
AUTONOMOUS = re.compile(rf"^(..+?)(?:{'|'.join(PEOPLES)})+(自治区|自治州|自治县|自治旗|区)$")


def read(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def write(name, header, rows):
    with open(HERE / name, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)
    print(f"{name}: {len(rows)} rows")


class Place:
    def __init__(self, row):
        self.code, self.name, self.level = row["代码"], row["名称"], LEVELS[row["级别"]]
        self.parent = row["二级行政区"]
        self.start, self.end = row["启用时间"], row["变更/弃用时间"]
        self.successors = [s for s in row["新代码"].split(";") if s]

    def whole(self):
        """Successors that took over what was left when the division ended."""
        return [s for s in self.successors if "[" not in s]


def joined(places):
    """Upstream splits a county when only its prefecture is renamed; one name is one row here."""
    by_code = defaultdict(list)
    for place in places:
        by_code[place.code].append(place)
    for code, rows in sorted(by_code.items()):
        rows.sort(key=lambda p: (p.start, p.end or "9999"))
        kept = []
        for row in rows:
            last = kept[-1] if kept else None
            if last and last.end == row.start and last.name == row.name and last.whole() in ([], [code]):
                row.successors = [s for s in last.successors if "[" in s] + row.successors
                row.start = last.start
                kept[-1] = row
            else:
                kept.append(row)
        yield from kept


def add_prefecture_successors(places):
    """Upstream names successors of counties only.

    A prefecture that ended is taken to have become another one only where that one began in the
    same year and every county of the old one that ended with it went there (绥化地区 -> 绥化市).
    Where it was divided or absorbed (莱芜市, 2018) no successor is written.
    """
    cities = defaultdict(list)
    for place in places:
        if place.level == "city":
            cities[place.code].append(place)
    for place in places:
        if place.level != "city" or not place.end or place.whole():
            continue
        if any(p is not place and p.start == place.end for p in cities[place.code]):
            place.successors.append(place.code)  # renamed: 襄樊市 -> 襄阳市
            continue
        went = set()
        for county in places:
            if county.level == "county" and county.code[:4] == place.code[:4] and county.end == place.end:
                went.update(s[:4] + "00" for s in county.whole())
        new = [c for c in went if any(p.start == place.end for p in cities[c])]
        if len(went) == 1 and new:
            place.successors = new


def root(place):
    """The name without what kind of division it is; None where nothing usable is left."""
    name = place.name
    match = AUTONOMOUS.match(name)
    if match:
        return match[1]
    if re.search(r"(自治|[前后中左右]旗|联合旗|[黄白蓝]旗|矿区)", name) and not name.endswith("自治区"):
        return None
    for kind in ("特别行政区", "自治区", "地区", "林区", "特区", "新区", "省", "市", "盟", "县", "区", "旗"):
        if name.endswith(kind):
            rest = name[: -len(kind)]
            if len(rest) >= 2:  # 碑林区 is 碑林, not 碑 of a forest district
                return rest
    return None


def derived_names(current):
    """(alias, code, kind, note) of every division of today that has a shorter name."""
    roots = {p.code: root(p) for p in current}
    provinces = {roots[p.code] for p in current if p.level == "province"}
    cities = {(p.code[:2], roots[p.code]) for p in current if p.level == "city" and p.name.endswith("市")}
    for place in current:
        bare = roots[place.code]
        if bare is None:
            continue
        autonomous = AUTONOMOUS.match(place.name)
        kind = autonomous[2][-1] if autonomous and autonomous[2] in ("自治州", "自治县", "自治旗") else None
        # 长沙县 is never called 长沙, nor 天津's 河北区 河北: the bare name is the larger place's.
        taken = place.level == "county" and (place.code[:2], bare) in cities
        taken = taken or (place.level != "province" and not place.name.endswith("市") and bare in provinces)
        if kind == "州":
            yield bare + "州", place.code, "short", ""
            if not taken:
                yield bare, place.code, "alias", ""
            continue
        if not taken:
            yield bare, place.code, "short", ""
        if kind:
            yield bare + kind, place.code, "alias", ""


def report(places, folder):
    """Where the two upstream tables disagree, and parents that the code alone does not give."""
    current = {p.code: p for p in places if not p.end}
    listed = {r["code"]: r["name"] for r in read(folder / "areas.csv")}
    listed.update({r["code"] + "00": r["name"] for r in read(folder / "cities.csv")})
    statistical = {c for c in listed if c not in current}
    print(f"left out, in areas.csv/cities.csv only (statistical codes): {len(statistical)}")
    for code, place in current.items():
        if place.level != "province" and code not in listed:
            print(f"look: {code} {place.name} is missing in areas.csv/cities.csv")
        if listed.get(code, place.name) != place.name:
            print(f"look: {code} is {place.name} here and {listed[code]} there")
    names = {p.code for p in places if p.level == "city"}
    for place in places:
        if place.level == "county" and place.parent != "直辖" and place.code[:4] + "00" not in names:
            print(f"look: {place.code} {place.name} belongs to {place.parent}, which its code does not say")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    places = list(joined([Place(r) for r in read(folder / "county-codes-1980-2024.csv")]))
    add_prefecture_successors(places)
    write(
        "places.csv",
        ["code", "name", "level", "from", "to", "successors"],
        [[p.code, p.name, p.level, p.start, p.end, ";".join(p.successors)] for p in places],
    )

    hand = read(HERE / "aliases.csv") if (HERE / "aliases.csv").exists() else []
    by_hand = {(r["alias"], r["code"]) for r in hand}
    rows = [r for r in derived_names([p for p in places if not p.end]) if (r[0], r[1]) not in by_hand]
    codes = defaultdict(set)
    for alias, code in [(r[0], r[1]) for r in rows] + sorted(by_hand):
        codes[alias].add(code)
    write(
        "short-names.csv",
        ["alias", "code", "kind", "ambiguous", "note"],
        [[a, c, k, "yes" if len(codes[a]) > 1 else "", n] for a, c, k, n in rows],
    )
    for row in hand:
        wanted = "yes" if len(codes[row["alias"]]) > 1 else ""
        if (row["ambiguous"] or "") != wanted:
            print(f"look: aliases.csv: {row['alias']} {row['code']}: ambiguous should be {wanted or 'empty'!r}")
    report(places, folder)


if __name__ == "__main__":
    main()
