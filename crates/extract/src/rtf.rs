//! stub
use crate::{ExtractError, Extracted};
pub(crate) fn extract(_bytes: &[u8]) -> Result<Extracted, ExtractError> {
    Err(ExtractError::NoText)
}
