//! How an error looks: the sentence, the place with its line underlined, the calls that led there, the hint.

use std::fmt;

use super::Error;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} error: {}", self.kind(), self.message())
    }
}
