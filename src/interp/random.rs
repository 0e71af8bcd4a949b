//! `np.random`: a seeded generator that is a value.

/// NumPy's PCG64 generator.
#[derive(Clone, Debug)]
pub struct Generator {}
