//! One document being written.
//!
//! Decides the shapes (plans, replies to inspections, rules, reports, bulletins) and fills the
//! patterns. Weights and words come from elsewhere.

use std::fmt::Write as _;

use super::sampling::{City, Lexicon, Patterns, Piece, Rng, Slot, Topic};
use super::words;

/// Characters of a document, at every thirty-second of the distribution: near log-normal, median
/// 1,700 before the last passage is finished.
const DOCUMENT_CHARS: [u32; 33] = [
    260, 400, 520, 620, 705, 785, 865, 945, 1020, 1095, 1175, 1255, 1340, 1425, 1510, 1605, 1700,
    1810, 1920, 2040, 2170, 2315, 2475, 2650, 2850, 3085, 3355, 3680, 4090, 4640, 5460, 6975,
    11_500,
];

/// Characters after which a passage ends with the sentence it is in, likewise.
const PASSAGE_CHARS: [u32; 33] = [
    58, 58, 58, 58, 58, 58, 58, 60, 62, 65, 68, 70, 73, 76, 78, 82, 86, 89, 93, 97, 102, 107, 113,
    120, 127, 135, 144, 156, 169, 185, 207, 238, 310,
];

/// Most characters are three bytes long; lengths are counted in bytes because that is free.
const BYTES: usize = 3;

/// A document and what is needed to go on writing it.
pub(super) struct Draft<'a> {
    lexicon: &'a Lexicon,
    rng: Rng,
    pub(super) out: String,
    pub(super) passages: u32,
    limit: usize,
    pub(super) city: &'a City,
    pub(super) year: u32,
    topics: [&'a Topic; 3],
    /// Nouns this document comes back to, so that words recur in it as they do in real ones.
    pub(super) favourites: Vec<&'static str>,
    last_noun: &'static str,
    /// Firms and projects of this document; never empty.
    pub(super) entities: Vec<String>,
    /// What ends a paragraph.
    end: &'static str,
}

impl<'a> Draft<'a> {
    /// The document that `rng` leads to.
    pub(super) fn write(lexicon: &'a Lexicon, mut rng: Rng) -> Self {
        let topics = [(); 3].map(|()| lexicon.topics.pick(&mut rng));
        let mut favourites = Vec::with_capacity(12);
        for number in 0..12 {
            let topic = topics[usize::from(number % 4 == 3)];
            favourites.push(*topic.nouns.pick(&mut rng));
        }
        let city = lexicon.cities.pick(&mut rng);
        let year = words::FIRST_YEAR + lexicon.years.pick(&mut rng) as u32;
        let limit = BYTES * rng.quantile(&DOCUMENT_CHARS) as usize;
        let end = if rng.chance(15) { "\n\n" } else { "\n" };
        let mut draft = Self {
            lexicon,
            rng,
            out: String::with_capacity(limit + 2_048),
            passages: 0,
            limit,
            city,
            year,
            topics,
            favourites,
            last_noun: "",
            entities: Vec::new(),
            end,
        };
        for _ in 0..draft.rng.between(1, 3) + (limit / 6_000) as u32 {
            let entity = draft.entity();
            draft.entities.push(entity);
        }
        draft.whole();
        draft
    }

    fn whole(&mut self) {
        if self.rng.chance(8) {
            let (city, province) = (self.city.name, self.city.province);
            let _ = write!(self.out, "{city}{}{province}-", self.end);
            self.slot(Slot::Organ);
            self.push(self.end);
        }
        match self.rng.below(100) {
            0..34 => self.plan(),
            34..56 => self.reply(),
            56..70 => self.rule(),
            70..86 => self.report(),
            _ => self.bulletin(),
        }
        if self.rng.chance(4) {
            // Some sites publish half-width punctuation.
            for (wide, narrow) in [("，", ","), ("（", "("), ("）", ")"), ("：", ":")] {
                self.out = self.out.replace(wide, narrow);
            }
        }
    }

    fn full(&self) -> bool {
        self.out.len() >= self.limit
    }

    fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn line(&mut self, text: &str) {
        self.push(text);
        self.push(self.end);
    }

    // Shapes.

    fn plan(&mut self) {
        let kind = *self.lexicon.plan_types.pick(&mut self.rng);
        self.title(kind);
        if self.rng.chance(60) {
            self.number_line();
        }
        if self.rng.chance(50) {
            self.line("各县（区）人民政府，市直各部门：");
        }
        self.introduction();
        let mut section = 0;
        while !self.full() {
            section += 1;
            let _ = write!(self.out, "{}、", Chinese(section));
            self.heading();
            for item in 1..=self.rng.between(2, 6) {
                self.item(item);
                if self.full() {
                    break;
                }
            }
        }
        self.signature();
    }

    /// An item of a section: one measure, or a row of them.
    fn item(&mut self, number: u32) {
        let _ = match self.rng.below(3) {
            0 => write!(self.out, "{number}."),
            1 => write!(self.out, "（{}）", Chinese(number)),
            _ => write!(self.out, "（{number}）"),
        };
        self.pattern(&self.lexicon.headings);
        self.push("。");
        if self.rng.chance(40) {
            self.measure();
        } else {
            self.row();
        }
        self.push(self.end);
    }

    /// 一是…二是…三是…
    fn row(&mut self) {
        for number in 1..=self.rng.between(2, 4) {
            let _ = write!(self.out, "{}是", Chinese(number));
            self.measure();
        }
    }

    fn reply(&mut self) {
        let kind = *self.lexicon.reply_types.pick(&mut self.rng);
        self.title(kind);
        self.introduction();
        let (mut section, mut number) = (0, 0);
        while !self.full() {
            section += 1;
            let _ = write!(self.out, "（{}）", Chinese(section));
            self.slot(if section % 2 == 1 {
                Slot::Problem
            } else {
                Slot::Noun
            });
            self.line("方面");
            for _ in 0..self.rng.between(2, 7) {
                number += 1;
                let _ = write!(self.out, "{number}.");
                self.problem_item();
                if self.full() {
                    break;
                }
            }
        }
        self.line("欢迎干部群众对整改落实情况进行监督。");
        self.signature();
    }

    fn problem_item(&mut self) {
        let quoted = self.rng.chance(70);
        self.push(if quoted { "针对“" } else { "关于" });
        self.slot(Slot::Problem);
        if self.rng.chance(25) {
            self.push("，");
            self.slot(Slot::Problem);
        }
        self.push(if quoted { "”的问题。" } else { "。" });
        if self.rng.chance(55) {
            self.measure();
        } else {
            self.row();
        }
        self.push(self.end);
    }

    fn rule(&mut self) {
        let kind = *self.lexicon.rule_types.pick(&mut self.rng);
        self.push(self.city.name);
        self.slot(Slot::Noun);
        self.slot(Slot::General);
        self.line(kind);
        let (mut chapter, mut article, mut left) = (0, 0, 0);
        while !self.full() {
            if left == 0 {
                chapter += 1;
                left = self.rng.between(3, 9);
                let _ = write!(self.out, "第{}章　", Chinese(chapter));
                if chapter == 1 {
                    self.line("总则");
                } else {
                    self.heading();
                }
            }
            left -= 1;
            article += 1;
            let _ = write!(self.out, "第{}条　", Chinese(article));
            self.article(article == 1, kind);
        }
        let year = self.year;
        let month = self.rng.between(1, 12);
        let last = Chinese(article + 1);
        let _ = write!(
            self.out,
            "第{last}条　本{kind}自{year}年{month}月1日起施行。"
        );
        self.push(self.end);
    }

    fn article(&mut self, first: bool, kind: &str) {
        if first {
            self.push("为了");
            self.pattern(&self.lexicon.actions);
            self.push("，根据");
            self.slot(Slot::Law);
            let _ = write!(self.out, "，结合本市实际，制定本{kind}。");
        }
        let goal = self.goal();
        self.passages += 1;
        loop {
            self.pattern(&self.lexicon.articles);
            self.push("。");
            if self.out.len() >= goal {
                break;
            }
        }
        self.push(self.end);
    }

    fn report(&mut self) {
        let kind = *self.lexicon.report_types.pick(&mut self.rng);
        self.title(kind);
        self.introduction();
        let mut section = 0;
        while !self.full() {
            section += 1;
            let _ = write!(self.out, "{}、", Chinese(section));
            self.heading();
            for _ in 0..self.rng.between(2, 5) {
                self.pattern(&self.lexicon.openings);
                self.push("。");
                self.measure();
                self.push(self.end);
                if self.full() {
                    break;
                }
            }
        }
        self.signature();
    }

    /// Short paragraphs, each a heading in itself, as newspapers and bulletins have them.
    fn bulletin(&mut self) {
        if self.rng.chance(50) {
            self.push(self.city.name);
        }
        self.pattern(&self.lexicon.matters);
        self.push("　");
        self.slot(Slot::Result);
        self.push(self.end);
        self.introduction();
        while !self.full() {
            self.pattern(&self.lexicon.actions);
            if self.rng.chance(50) {
                self.push("，");
                self.row();
            } else {
                self.push("。");
                self.measure();
            }
            self.push(self.end);
        }
    }

    // Parts.

    fn title(&mut self, kind: &str) {
        let organ = match self.rng.below(8) {
            0 | 1 => "人民政府",
            2 => "人民政府办公室",
            3 => "营商环境建设监督局",
            _ => "",
        };
        let _ = write!(self.out, "{}{organ}关于", self.city.name);
        self.pattern(&self.lexicon.matters);
        self.push("的");
        self.line(kind);
    }

    fn number_line(&mut self) {
        let short = self.city.name.chars().next().unwrap_or('市');
        let organ = ["政发", "政办发", "营商发", "委发"][self.rng.below(4) as usize];
        let (year, number) = (self.year, self.rng.between(1, 120));
        let _ = write!(self.out, "{short}{organ}〔{year}〕{number}号");
        self.push(self.end);
    }

    fn introduction(&mut self) {
        self.pattern(&self.lexicon.introductions);
        self.push(self.end);
    }

    fn heading(&mut self) {
        self.pattern(&self.lexicon.headings);
        self.push(self.end);
    }

    fn signature(&mut self) {
        if self.rng.chance(20) {
            return;
        }
        let (city, year) = (self.city.name, self.year);
        let (month, day) = (self.rng.between(1, 12), self.rng.between(1, 28));
        let organ = ["人民政府", "人民政府办公室", "营商环境建设监督局"];
        let organ = organ[self.rng.below(3) as usize];
        let _ = write!(self.out, "{city}{organ}{}", self.end);
        let _ = if year < 2013 {
            let (month, day) = (Chinese(month), Chinese(day));
            writeln!(self.out, "{}年{month}月{day}日", Digits(year))
        } else {
            writeln!(self.out, "{year}年{month}月{day}日")
        };
    }

    /// Where in the text a passage that starts here should end, in bytes.
    fn goal(&mut self) -> usize {
        self.out.len() + BYTES * self.rng.quantile(&PASSAGE_CHARS) as usize
    }

    /// One measure: a short statement, then sentences up to a length drawn beforehand.
    fn measure(&mut self) {
        self.passages += 1;
        let goal = self.goal();
        if self.rng.chance(50) {
            self.slot(Slot::Verb);
            self.slot(Slot::Noun);
            self.push("。");
        }
        self.sentence();
        while self.out.len() < goal {
            if self.rng.chance(16) {
                let connective = *self.lexicon.connectives.pick(&mut self.rng);
                self.push(connective);
            }
            self.sentence();
        }
    }

    fn sentence(&mut self) {
        if self.rng.chance(40) {
            self.pattern(&self.lexicon.leads);
            self.push("，");
        }
        for number in 0..self.rng.between(1, 3) {
            if number > 0 {
                self.push("，");
            }
            self.pattern(&self.lexicon.actions);
        }
        let tail = match self.rng.below(100) {
            0..32 => Some(&self.lexicon.facts),
            32..60 => Some(&self.lexicon.outcomes),
            _ => None,
        };
        if let Some(tail) = tail {
            let comma = if self.rng.chance(15) { "；" } else { "，" };
            self.push(comma);
            self.pattern(tail);
        }
        self.push("。");
    }

    // Slots.

    fn pattern(&mut self, patterns: &'a Patterns) {
        let mut after_noun = false;
        for piece in patterns.pick(&mut self.rng) {
            match piece {
                Piece::Text(text) => self.push(text),
                Piece::Slot(slot) => {
                    if after_noun && matches!(slot, Slot::General) && self.rng.chance(25) {
                        self.push("的");
                    }
                    self.slot(*slot);
                }
            }
            after_noun = matches!(piece, Piece::Slot(Slot::Noun));
        }
    }

    fn slot(&mut self, slot: Slot) {
        let lexicon = self.lexicon;
        let rng = &mut self.rng;
        let word = match slot {
            Slot::Adverb => lexicon.adverbs.pick(rng),
            Slot::Adjective => lexicon.adjectives.pick(rng),
            Slot::General => lexicon.general.pick(rng),
            Slot::Idiom => lexicon.idioms.pick(rng),
            Slot::Label => lexicon.labels.pick(rng),
            Slot::People => lexicon.people.pick(rng),
            Slot::Result => lexicon.results.pick(rng),
            Slot::Noun => self.noun(),
            Slot::Verb if rng.chance(30) => self.topic().verbs.pick(&mut self.rng),
            Slot::Verb => lexicon.verbs.pick(rng),
            Slot::Organ if rng.chance(55) => self.organ(),
            Slot::Organ => lexicon.organs.pick(rng),
            Slot::Place => match rng.below(4) {
                0 => self.city.name,
                1 => "我市",
                _ => "全市",
            },
            Slot::Problem => {
                let noun = self.noun();
                self.push(noun);
                lexicon.faults.pick(&mut self.rng)
            }
            Slot::Entity | Slot::Village => return self.name(slot),
            Slot::Brand | Slot::Law => return self.quoted(slot),
            _ => return self.number(slot),
        };
        self.out.push_str(word);
    }

    /// The main topic of the document mostly, one of its others else, seldom any.
    fn topic(&mut self) -> &'a Topic {
        match self.rng.below(100) {
            0..62 => self.topics[0],
            62..82 => self.topics[1],
            82..92 => self.topics[2],
            _ => self.lexicon.topics.pick(&mut self.rng),
        }
    }

    /// A noun, hardly ever the one before it again.
    fn noun(&mut self) -> &'static str {
        let mut noun = self.any_noun();
        if noun == self.last_noun {
            noun = self.any_noun();
        }
        self.last_noun = noun;
        noun
    }

    fn any_noun(&mut self) -> &'static str {
        if self.rng.chance(25) {
            // The lower of two draws, so that the first favourites lead.
            let draws = [self.rng.below(12), self.rng.below(12)];
            return self.favourites[draws[0].min(draws[1]) as usize];
        }
        self.topic().nouns.pick(&mut self.rng)
    }

    fn organ(&mut self) -> &'static str {
        if self.rng.chance(50) {
            self.push("市");
        }
        self.topic().organs.pick(&mut self.rng)
    }

    fn quoted(&mut self, slot: Slot) {
        if matches!(slot, Slot::Law) {
            self.push("《");
            self.pattern(&self.lexicon.cited);
            self.push("》");
        } else {
            let brand = *self.lexicon.brands.pick(&mut self.rng);
            let _ = write!(self.out, "“{brand}”");
        }
    }

    fn number(&mut self, slot: Slot) {
        let Self {
            rng, out, lexicon, ..
        } = self;
        let _ = match slot {
            Slot::Count => {
                let count = rng.magnitude();
                write!(out, "{count}{}", lexicon.units.pick(rng))
            }
            Slot::Deadline => {
                let year = self.year + rng.below(2);
                write!(out, "{year}年{}", lexicon.terms.pick(rng))
            }
            Slot::Year => write!(out, "{}", self.year - rng.below(3)),
            Slot::Integer => write!(out, "{}", rng.between(2, 30)),
            Slot::Percent => write!(out, "{}.{}%", rng.below(100), rng.between(1, 9)),
            Slot::Money => {
                let unit = ["万元", "亿元", "万元", "余万元"][rng.below(4) as usize];
                write!(out, "{}.{}{unit}", rng.magnitude() % 1_000, rng.below(10))
            }
            _ => return self.change(),
        };
    }

    /// From so many to so few, or by how much.
    fn change(&mut self) {
        let Self { rng, out, .. } = self;
        let after = rng.between(1, 12);
        let before = after + rng.between(1, 30);
        let (whole, part) = (rng.between(1, 80), rng.between(1, 9));
        let unit = ["个", "个工作日", "项", "天", "个环节", "份"][rng.below(6) as usize];
        let _ = match rng.below(7) {
            0 => write!(out, "由{before}{unit}减至{after}{unit}"),
            1 => write!(out, "从{before}{unit}压缩到{after}{unit}"),
            2 => write!(out, "提速{whole}.{part}%"),
            3 => write!(out, "同比增长{whole}.{part}%"),
            4 => write!(out, "下降{}.{part}个百分点", whole % 20),
            5 => write!(out, "压缩{whole}.{part}%"),
            _ => write!(out, "不超过{after}{unit}"),
        };
    }

    // Rare names.

    /// A name of this document mostly, else one that may never come again.
    fn name(&mut self, slot: Slot) {
        if matches!(slot, Slot::Village) {
            let tail = *self.lexicon.place_tails.pick(&mut self.rng);
            self.coin();
            self.push(tail);
        } else if self.rng.chance(85) {
            let last = self.entities.len() as u32;
            let index = self.rng.below(last).min(self.rng.below(last));
            self.out.push_str(&self.entities[index as usize]);
        } else {
            let entity = self.entity();
            self.push(&entity);
        }
    }

    /// Two or three characters of a rare name.
    fn coin(&mut self) {
        for _ in 0..if self.rng.chance(60) { 2 } else { 3 } {
            let character = *self.lexicon.name_chars.pick(&mut self.rng);
            self.out.push(character);
        }
    }

    /// The name of a firm or a project.
    fn entity(&mut self) -> String {
        let start = self.out.len();
        if self.rng.chance(30) {
            self.push(self.city.name.trim_end_matches('市'));
        }
        self.coin();
        let tail = if self.rng.chance(65) {
            &self.lexicon.firm_tails
        } else {
            &self.lexicon.project_tails
        };
        let tail = *tail.pick(&mut self.rng);
        self.push(tail);
        self.out.split_off(start)
    }
}

/// A number under a thousand in Chinese numerals.
struct Chinese(u32);

const NUMERALS: [&str; 10] = ["○", "一", "二", "三", "四", "五", "六", "七", "八", "九"];

impl std::fmt::Display for Chinese {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (hundreds, tens, ones) = (self.0 / 100 % 10, self.0 / 10 % 10, self.0 % 10);
        if hundreds > 0 {
            write!(f, "{}百", NUMERALS[hundreds as usize])?;
        }
        match tens {
            0 if hundreds > 0 && ones > 0 => f.write_str("零")?,
            0 => {}
            1 if hundreds == 0 => f.write_str("十")?,
            _ => write!(f, "{}十", NUMERALS[tens as usize])?,
        }
        if ones > 0 {
            f.write_str(NUMERALS[ones as usize])?;
        }
        Ok(())
    }
}

/// A year digit by digit in Chinese numerals.
struct Digits(u32);

impl std::fmt::Display for Digits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for power in [1_000, 100, 10, 1] {
            f.write_str(NUMERALS[(self.0 / power % 10) as usize])?;
        }
        Ok(())
    }
}
