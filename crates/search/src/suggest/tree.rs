//! Terms as a tree of characters with their readings, so that what is typed is compared once with the
//! beginnings that terms share, and the most used term is found first.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::fit::{Reach, Typed, Way, step};

/// A character in its reading, as part of a key: the number of the reading in the low bits.
pub(super) type Key = u32;
const READING_BITS: u32 = 6;

/// The key of a character in one of its readings.
pub(super) fn key(c: char, reading: usize) -> Key {
    (c as u32) << READING_BITS | (reading as u32 & ((1 << READING_BITS) - 1))
}

/// The number of no term.
const NONE: u32 = u32::MAX;
const ROOT: usize = 0;

#[derive(Debug, Clone, Copy)]
struct Node {
    key: Key,
    /// The term that ends here.
    term: u32,
    /// Children stand together.
    first: u32,
    children: u32,
    /// The best weight of the terms here and below.
    best: i32,
}

/// The tree.
#[derive(Debug)]
pub(super) struct Tree {
    nodes: Vec<Node>,
}

/// What is still to be looked at, or a term that was reached, by the best score it can have.
#[derive(Debug)]
struct Open {
    score: i64,
    what: What,
}

#[derive(Debug)]
enum What {
    Term(u32, Way),
    /// Not all of what is typed is used yet.
    Inside(u32, Vec<Reach>),
    /// All of it is used: any term below fits.
    Below(u32, Way, u32),
}

impl Tree {
    /// The tree of terms with these keys, in the order of their numbers, and these weights.
    pub(super) fn new(keys: &[Vec<Key>], weights: &[i32]) -> Self {
        let mut order: Vec<u32> = (0..keys.len() as u32).collect();
        order.sort_unstable_by(|a, b| keys[*a as usize].cmp(&keys[*b as usize]));
        let mut nodes = vec![Node {
            key: 0,
            term: NONE,
            first: 0,
            children: 0,
            best: i32::MIN,
        }];
        // Nodes whose children are to be made: the terms below them, and how deep they are.
        let mut open: Vec<(usize, std::ops::Range<usize>, usize)> = vec![(ROOT, 0..order.len(), 0)];
        let mut at = 0;
        while at < open.len() {
            let (node, range, depth) = open[at].clone();
            at += 1;
            let terms = &order[range.clone()];
            let ended = terms
                .iter()
                .take_while(|t| keys[**t as usize].len() == depth)
                .count();
            nodes[node].first = nodes.len() as u32;
            let mut begin = range.start + ended;
            while begin < range.end {
                let own = keys[order[begin] as usize][depth];
                let same = order[begin..range.end].iter();
                let length = same
                    .take_while(|t| keys[**t as usize][depth] == own)
                    .count();
                let below = begin..begin + length;
                let ends_here = keys[order[begin] as usize].len() == depth + 1;
                let weight = |t: &u32| weights[*t as usize];
                nodes.push(Node {
                    key: own,
                    term: if ends_here { order[begin] } else { NONE },
                    first: 0,
                    children: 0,
                    best: order[below.clone()]
                        .iter()
                        .map(weight)
                        .max()
                        .unwrap_or(i32::MIN),
                });
                nodes[node].children += 1;
                open.push((nodes.len() - 1, below.clone(), depth + 1));
                begin = below.end;
            }
        }
        Self { nodes }
    }

    /// The terms that fit best, best first; where `is_whole`, only those that all of what is typed
    /// stands for. `whole` is what such a term is worth more.
    pub(super) fn search(
        &self,
        typed: &Typed,
        weights: &[i32],
        whole: i64,
        is_whole: bool,
        most: usize,
    ) -> Vec<(i64, u32, Way)> {
        let mut found: Vec<(i64, u32, Way)> = Vec::new();
        let mut heap = BinaryHeap::new();
        heap.push(Open {
            score: i64::MAX,
            what: What::Inside(ROOT as u32, vec![Reach::default()]),
        });
        while let Some(Open { score, what }) = heap.pop() {
            if found.len() >= most {
                break;
            }
            match what {
                What::Term(term, way) => {
                    if !found.iter().any(|(_, known, _)| *known == term) {
                        found.push((score, term, way));
                    }
                }
                What::Below(node, way, cost) => {
                    for (number, child) in self.children(node) {
                        let score = |weight: i32| i64::from(weight) - i64::from(cost);
                        if child.term != NONE {
                            heap.push(Open {
                                score: score(weights[child.term as usize]),
                                what: What::Term(child.term, way),
                            });
                        }
                        if child.children > 0 {
                            heap.push(Open {
                                score: score(child.best),
                                what: What::Below(number, way, cost),
                            });
                        }
                    }
                }
                What::Inside(node, reached) => {
                    for (number, child) in self.children(node) {
                        let c = char::from_u32(child.key >> READING_BITS).unwrap_or_default();
                        let reading = (child.key & ((1 << READING_BITS) - 1)) as usize;
                        let mut next = Vec::new();
                        for reach in &reached {
                            step(&typed.units, *reach, c, reading, false, &mut next);
                        }
                        let end = next.iter().filter(|r| r.at == typed.units.len());
                        if let Some(end) = end.min_by_key(|r| r.cost).copied() {
                            let cost = i64::from(end.cost);
                            if child.term != NONE {
                                heap.push(Open {
                                    score: i64::from(weights[child.term as usize]) + whole - cost,
                                    what: What::Term(child.term, end.way),
                                });
                            }
                            if !is_whole && child.children > 0 {
                                heap.push(Open {
                                    score: i64::from(child.best) - cost,
                                    what: What::Below(number, end.way, end.cost),
                                });
                            }
                        }
                        next.retain(|r| r.at < typed.units.len());
                        let least = next.iter().map(|r| r.cost).min();
                        if let Some(cost) = least.filter(|_| child.children > 0) {
                            heap.push(Open {
                                score: i64::from(child.best) + whole - i64::from(cost),
                                what: What::Inside(number, next),
                            });
                        }
                    }
                }
            }
        }
        found
    }

    fn children(&self, node: u32) -> impl Iterator<Item = (u32, &Node)> {
        let node = &self.nodes[node as usize];
        let (first, end) = (node.first, node.first + node.children);
        (first..end).zip(&self.nodes[first as usize..end as usize])
    }
}

impl Open {
    /// Terms before what may lead to terms as good, and of equal terms the more used one, so that the
    /// order is always the same.
    fn rank(&self) -> (i64, u8, u32) {
        match self.what {
            What::Term(term, _) => (self.score, 1, u32::MAX - term),
            What::Below(node, ..) | What::Inside(node, _) => (self.score, 2, u32::MAX - node),
        }
    }
}

impl PartialEq for Open {
    fn eq(&self, other: &Self) -> bool {
        self.rank() == other.rank()
    }
}
impl Eq for Open {}
impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Open {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank())
    }
}
