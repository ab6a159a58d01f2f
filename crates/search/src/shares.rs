//! Work on all entries cut into shares, one a thread, where there is enough of it.
//!
//! A search need not wait for one processor while others have nothing to do. What is shared out takes
//! longer in all, so little work is not, and neither is any while all processors are busy with other
//! searches.

use std::ops::Range;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use tantivy::DocId;

use crate::deadline::Halt;
use crate::engine::Snapshot;

/// Matches that are worth a thread: to count and rank them takes over a millisecond, and a thread a
/// twentieth of that to begin.
const WORTH_A_THREAD: u64 = 10_000;
/// Further ones gain less than they take from other searches.
const MOST_SHARES: usize = 8;

/// Threads that are at work, of all searches.
static BUSY: AtomicUsize = AtomicUsize::new(0);

/// Entries of a segment.
pub(crate) struct Stretch {
    pub(crate) segment: usize,
    pub(crate) docs: Range<DocId>,
}

/// In how many shares so many matches are gone through where no other search is at work.
pub(crate) fn shares_of(matches: u64) -> usize {
    let worth = usize::try_from(matches / WORTH_A_THREAD).unwrap_or(MOST_SHARES);
    worth.min(cores()).clamp(1, MOST_SHARES)
}

/// So many shares, or as many as there are processors without work at the moment; at least one.
pub(crate) fn idle(shares: usize) -> usize {
    let idle = cores().saturating_sub(BUSY.load(Ordering::Relaxed));
    shares.min(idle).max(1)
}

fn cores() -> usize {
    static CORES: LazyLock<usize> =
        LazyLock::new(|| std::thread::available_parallelism().map_or(1, usize::from));
    *CORES
}

/// So many threads at work, until it is dropped.
pub(crate) struct AtWork(usize);

impl AtWork {
    pub(crate) fn new(threads: usize) -> Self {
        BUSY.fetch_add(threads, Ordering::Relaxed);
        Self(threads)
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        BUSY.fetch_sub(self.0, Ordering::Relaxed);
    }
}

/// Does the work of each share, all at once.
///
/// # Errors
/// The first error of a share.
pub(crate) fn in_shares<T: Send>(
    snapshot: &Snapshot,
    shares: usize,
    work: impl Fn(&[Stretch]) -> Result<T, Halt> + Sync,
) -> Result<Vec<T>, Halt> {
    let segments = snapshot.searcher.segment_readers().iter();
    let lengths: Vec<DocId> = segments.map(|segment| segment.max_doc()).collect();
    let mut cut = cut(&lengths, shares);
    let Some(own) = cut.pop() else {
        return Ok(Vec::new());
    };
    let _at_work = AtWork::new(shares);
    std::thread::scope(|scope| {
        let work = &work;
        let others: Vec<_> = cut
            .into_iter()
            .map(|share| scope.spawn(move || work(&share)))
            .collect();
        let own = work(&own);
        let others = others.into_iter().map(|other| {
            // A panic goes on in whoever asked, as it would with one thread.
            other
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        others.chain([own]).collect()
    })
}

/// Cuts segments of these lengths into shares that are as long as each other, in order.
fn cut(lengths: &[DocId], shares: usize) -> Vec<Vec<Stretch>> {
    let all: u64 = lengths.iter().map(|length| u64::from(*length)).sum();
    let bound = |share: usize| all * share as u64 / shares as u64;
    (0..shares)
        .map(|share| {
            let mut before = 0;
            let mut stretches = Vec::new();
            for (segment, length) in lengths.iter().enumerate() {
                let within =
                    |bound: u64| bound.saturating_sub(before).min(u64::from(*length)) as DocId;
                let docs = within(bound(share))..within(bound(share + 1));
                if !docs.is_empty() {
                    stretches.push(Stretch { segment, docs });
                }
                before += u64::from(*length);
            }
            stretches
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_have_every_entry_once_and_as_many_each() {
        for (lengths, shares) in [
            (vec![10, 0, 7, 1], 1),
            (vec![10, 0, 7, 1], 3),
            (vec![1], 4),
            (vec![], 2),
        ] {
            let cut = cut(&lengths, shares);
            assert_eq!(cut.len(), shares);
            let all = cut.iter().flatten();
            let all: Vec<(usize, DocId)> = all
                .flat_map(|stretch| stretch.docs.clone().map(|doc| (stretch.segment, doc)))
                .collect();
            let expected: Vec<(usize, DocId)> = lengths
                .iter()
                .enumerate()
                .flat_map(|(segment, length)| (0..*length).map(move |doc| (segment, doc)))
                .collect();
            assert_eq!(all, expected);
            let sizes = cut
                .iter()
                .map(|share| share.iter().map(|s| s.docs.len()).sum());
            let sizes: Vec<usize> = sizes.collect();
            let (least, most) = (sizes.iter().min(), sizes.iter().max());
            assert!(most.unwrap_or(&0) - least.unwrap_or(&0) <= 1, "{sizes:?}");
        }
    }

    #[test]
    fn little_work_is_not_shared_out() {
        assert_eq!((shares_of(0), shares_of(2 * WORTH_A_THREAD - 1)), (1, 1));
        assert!(shares_of(u64::MAX) <= MOST_SHARES);
    }
}
