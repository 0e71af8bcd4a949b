//! What of the library is said in the language itself: the text of each module.

/// Modules that have such a part, and its text.
pub const SOURCES: &[(&str, &str)] = &[
    (
        "np",
        concat!(
            include_str!("np/statistics.cot"),
            include_str!("np/missing_values.cot"),
            include_str!("np/histograms.cot"),
            include_str!("np/differences.cot"),
            include_str!("np/polynomials.cot"),
            include_str!("np/sets.cot"),
            include_str!("np/indices.cot"),
            include_str!("np/creation.cot"),
            include_str!("np/shapes.cot"),
            include_str!("np/padding.cot"),
            include_str!("np/selection.cot"),
            include_str!("np/products.cot"),
            include_str!("np/names.cot"),
        ),
    ),
    ("cotangent", include_str!("cotangent.cot")),
    ("np.linalg", include_str!("np.linalg.cot")),
    (
        "linalg",
        concat!(include_str!("linalg.cot"), include_str!("linalg/equations.cot"), include_str!("linalg/matrices.cot"),),
    ),
    ("special", include_str!("special.cot")),
];

/// The part of a module that is said in the language.
pub fn source(module: &str) -> Option<&'static str> {
    SOURCES.iter().find(|(name, _)| *name == module).map(|(_, text)| *text)
}
