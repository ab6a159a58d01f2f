//! When a search must have ended. Everything that may take long looks at it and stops; a search
//! that did not end in time is an error, never half an answer. It measures nothing.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tantivy::TantivyError;

/// Steps between two looks at the clock: a look costs about as much as a few steps.
pub(crate) const EVERY: u32 = 256;

/// A moment at which whoever asked stops waiting. Clones are one deadline; the default is never.
#[derive(Clone, Default)]
pub struct Deadline(Option<Arc<Clock>>);

struct Clock {
    ends: Ends,
    is_past: AtomicBool,
    /// Steps of everything that works towards it.
    #[cfg(test)]
    steps: std::sync::atomic::AtomicU64,
}

enum Ends {
    At(Instant),
    /// Ends at a look and not at a time, so that tests do not depend on the machine.
    #[cfg(test)]
    AfterLooks(std::sync::atomic::AtomicU64),
}

impl Deadline {
    /// The deadline that is `time` from now.
    pub fn after(time: Duration) -> Self {
        // What lies beyond the clock's range never comes.
        Self(Instant::now().checked_add(time).map(|at| {
            Arc::new(Clock {
                ends: Ends::At(at),
                is_past: AtomicBool::new(false),
                #[cfg(test)]
                steps: 0.into(),
            })
        }))
    }

    /// Lets everything that works towards it stop at its next look: nobody waits any more.
    /// Without effect on one that never comes.
    pub fn give_up(&self) {
        if let Some(clock) = &self.0 {
            clock.is_past.store(true, Ordering::Relaxed);
        }
    }

    /// Whether it is past. Looks at the clock.
    pub fn is_past(&self) -> bool {
        let Some(clock) = &self.0 else {
            return false;
        };
        if clock.is_past.load(Ordering::Relaxed) {
            return true;
        }
        let is_past = match &clock.ends {
            Ends::At(at) => Instant::now() >= *at,
            #[cfg(test)]
            Ends::AfterLooks(left) => left
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                    left.checked_sub(1)
                })
                .is_err(),
        };
        if is_past {
            clock.is_past.store(true, Ordering::Relaxed);
        }
        is_past
    }

    /// An error once it is past.
    pub(crate) fn check(&self) -> Result<(), Halt> {
        if self.is_past() {
            Err(Halt::OutOfTime)
        } else {
            Ok(())
        }
    }

    /// A count of steps that looks at the clock now and then.
    pub(crate) fn steps(&self) -> Steps {
        Steps {
            deadline: self.clone(),
            left: EVERY,
        }
    }

    /// The deadline that is past at the look after this many.
    #[cfg(test)]
    pub(crate) fn after_looks(looks: u64) -> Self {
        Self(Some(Arc::new(Clock {
            ends: Ends::AfterLooks(looks.into()),
            is_past: AtomicBool::new(false),
            steps: 0.into(),
        })))
    }

    /// How many steps were counted, by everything that works towards it.
    #[cfg(test)]
    pub(crate) fn steps_taken(&self) -> u64 {
        self.0
            .as_ref()
            .map_or(0, |clock| clock.steps.load(Ordering::Relaxed))
    }

    /// How many looks were left of those of [`Deadline::after_looks`].
    #[cfg(test)]
    pub(crate) fn looks_left(&self) -> u64 {
        match self.0.as_ref().map(|clock| &clock.ends) {
            Some(Ends::AfterLooks(left)) => left.load(Ordering::Relaxed),
            _ => 0,
        }
    }
}

impl fmt::Debug for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() {
            "Deadline"
        } else {
            "Deadline(never)"
        })
    }
}

/// Small steps of work towards a deadline.
#[derive(Debug)]
pub(crate) struct Steps {
    deadline: Deadline,
    left: u32,
}

impl Steps {
    /// Counts a step; says whether the work must stop.
    #[inline]
    pub(crate) fn is_over(&mut self) -> bool {
        self.are_over(1)
    }

    /// Counts several steps; says whether the work must stop.
    #[inline]
    pub(crate) fn are_over(&mut self, steps: u32) -> bool {
        #[cfg(test)]
        if let Some(clock) = &self.deadline.0 {
            clock.steps.fetch_add(steps.into(), Ordering::Relaxed);
        }
        if self.left > steps {
            self.left -= steps;
            return false;
        }
        self.left = EVERY;
        self.deadline.is_past()
    }
}

/// Why a part of a search ended early.
#[derive(Debug)]
pub(crate) enum Halt {
    /// The engine failed.
    Engine(TantivyError),
    /// The deadline is past.
    OutOfTime,
}

impl From<TantivyError> for Halt {
    fn from(error: TantivyError) -> Self {
        Self::Engine(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_stays_past_for_every_clone() {
        let deadline = Deadline::after_looks(1);
        let clone = deadline.clone();
        assert!(!deadline.is_past());
        assert!(clone.is_past() && deadline.is_past());
        let never = Deadline::default();
        never.give_up();
        assert!(!never.is_past());
        let later = Deadline::after(Duration::from_secs(3_600));
        assert!(!later.is_past());
        later.clone().give_up();
        assert!(later.is_past());
        assert!(Deadline::after(Duration::ZERO).is_past());
        assert!(!Deadline::after(Duration::MAX).is_past());
    }

    #[test]
    fn the_clock_is_looked_at_every_so_many_steps() {
        let mut steps = Deadline::after_looks(2).steps();
        let taken = (1..).find(|_| steps.is_over());
        assert_eq!(taken, Some(3 * EVERY));
    }
}
