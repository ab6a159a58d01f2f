//! Entries on their way to the engine. Its queue holds ten thousand of them, whatever their size;
//! this bounds their bytes as well, so that a large text does not wait there several times over.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

use tantivy::TantivyDocument;
use tantivy::schema::document::{Document, Value};

/// Bytes of entries that may wait; a larger one may wait alone. Batches of ordinary documents stay
/// below it.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// The room for entries that wait.
#[derive(Debug, Default)]
pub(crate) struct Room {
    taken: Mutex<usize>,
    freed: Condvar,
}

/// An entry that waits; it gives its room back when the engine takes it.
#[derive(Debug)]
pub(crate) struct Waiting {
    entry: TantivyDocument,
    bytes: usize,
    room: Arc<Room>,
}

impl Room {
    /// Waits until there is room for an entry.
    pub(crate) fn hold(self: &Arc<Self>, entry: TantivyDocument) -> Waiting {
        let texts = entry.iter_fields_and_values();
        let bytes = texts
            .filter_map(|(_, value)| value.as_str().map(str::len))
            .sum();
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = |taken: &mut usize| *taken > 0 && *taken + bytes > MOST_BYTES;
        let waited = self.freed.wait_while(taken, is_full);
        *waited.unwrap_or_else(PoisonError::into_inner) += bytes;
        Waiting {
            entry,
            bytes,
            room: Arc::clone(self),
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let taken = self.room.taken.lock();
        *taken.unwrap_or_else(PoisonError::into_inner) -= self.bytes;
        self.room.freed.notify_all();
    }
}

impl Document for Waiting {
    type Value<'a> = <TantivyDocument as Document>::Value<'a>;
    type FieldsValuesIter<'a> = <TantivyDocument as Document>::FieldsValuesIter<'a>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        self.entry.iter_fields_and_values()
    }

    fn into_tantivy_document(mut self) -> TantivyDocument {
        std::mem::take(&mut self.entry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;
    use std::time::Duration;
    use tantivy::schema::Field;

    fn entry(bytes: usize) -> TantivyDocument {
        let mut entry = TantivyDocument::new();
        entry.add_text(Field::from_field_id(0), "x".repeat(bytes));
        entry
    }

    #[test]
    fn entries_wait_for_room_and_a_large_one_waits_alone() {
        let room = Arc::new(Room::default());
        let first = room.hold(entry(MOST_BYTES / 2));
        let second = room.hold(entry(MOST_BYTES / 2));
        let waiting = thread::spawn({
            let room = Arc::clone(&room);
            move || room.hold(entry(2 * MOST_BYTES)).bytes
        });
        drop(first);
        thread::sleep(Duration::from_millis(50));
        assert!(!waiting.is_finished(), "the second one is still there");
        drop(second.into_tantivy_document());
        assert_eq!(waiting.join().ok(), Some(2 * MOST_BYTES));
        assert_eq!(room.taken.lock().map(|taken| *taken).ok(), Some(0));
    }
}
