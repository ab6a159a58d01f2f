//! The known name nearest to one that is not known, by edit distance.

/// The first of the nearest `names`, if one is near enough to be worth suggesting.
///
/// Near enough is one edit, two from five characters on; in a name of two characters only one
/// left out or added, since one replaced would leave nothing to go by. `text` must be short.
pub fn nearest<'n>(text: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let typed: Vec<char> = text.chars().collect();
    let limit = if typed.len() < 5 { 1 } else { 2 };
    let mut best: Option<(usize, &str)> = None;
    let mut scratch = Vec::new();
    for name in names {
        let name_chars: Vec<char> = name.chars().collect();
        let too_far = name_chars.len().abs_diff(typed.len()) > limit;
        let single = name_chars.len() < 2 || typed.is_empty();
        let replaced = typed.len() <= 2 && name_chars.len() == typed.len();
        if too_far || single || replaced {
            continue;
        }
        let distance = edit_distance(&typed, &name_chars, &mut scratch);
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, name));
        }
    }
    best.map(|(_, name)| name)
}

fn edit_distance(a: &[char], b: &[char], row: &mut Vec<usize>) -> usize {
    row.clear();
    row.extend(0..=b.len());
    for (i, &ca) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &cb) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(ca != cb);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn suggests_what_is_one_slip_away() {
        let names = ["哈密", "哈尔滨", "哈尔滨市", "大兴安岭地区"];
        let near = |text| nearest(text, names.into_iter());
        assert_eq!(near("哈尔冰"), Some("哈尔滨"));
        assert_eq!(near("哈滨"), Some("哈尔滨"));
        assert_eq!(near("大兴安领地"), Some("大兴安岭地区"));
        assert_eq!(near("哈冰"), None);
        assert_eq!(near(""), None);
        assert_eq!(near("纽约"), None);
    }
}
