//! Sentences of the kind documents hold, with the figures they state.
