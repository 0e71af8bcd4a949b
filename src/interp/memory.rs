//! How much memory one value may take. Kernels ask before they make what data decides the size of.

use std::cell::Cell;

use crate::lang::{Error, Result};

thread_local! {
    /// Bytes that one value may take, on this thread: that of the interpreter that runs here.
    static MOST: Cell<usize> = const { Cell::new(usize::MAX) };
}

/// Sets what one value may take, in bytes.
pub(super) fn allow(bytes: Option<usize>) {
    MOST.set(bytes.unwrap_or(usize::MAX));
}

/// An error where a value of so many bytes is more than the host allows.
pub(crate) fn fits(bytes: usize) -> Result<()> {
    if bytes > MOST.get().min(isize::MAX as usize) {
        let text = if bytes == usize::MAX { "more bytes than can be counted".into() } else { format!("{bytes} bytes") };
        return Err(Error::limit(format!("a value of {text} is more than is allowed")));
    }
    Ok(())
}
