//! The subscripts of the derivatives of `np.einsum`.

/// The subscripts with which `np.einsum(…, y_bar, others…)` is the cotangent of an operand: `"ij,jk->ik"` gives
/// `"ik,jk->ij"` for the first. None where einsum cannot say it: for a repeated label (a diagonal), an ellipsis, or a label
/// that only this operand has.
pub fn transposed(subscripts: &str, operand: usize) -> Option<String> {
    let text: String = subscripts.chars().filter(|c| !c.is_whitespace()).collect();
    let (inputs, output) =
        text.split_once("->").map_or((text.as_str(), None), |(inputs, output)| (inputs, Some(output)));
    let implied = || {
        let mut once: Vec<char> = inputs.chars().filter(|&c| c != ',' && inputs.matches(c).count() == 1).collect();
        once.sort_unstable();
        once.into_iter().collect()
    };
    let output = output.map_or_else(implied, str::to_string);
    let mut terms: Vec<&str> = inputs.split(',').collect();
    if operand >= terms.len() || text.contains('.') {
        return None;
    }
    let labels = terms.remove(operand);
    terms.insert(0, &output);
    let told = terms.join(",");
    let plain = labels.chars().all(|c| told.contains(c) && labels.matches(c).count() == 1);
    plain.then(|| format!("{told}->{labels}"))
}

#[cfg(test)]
mod tests {
    use super::transposed;

    #[test]
    fn the_cotangent_takes_the_operands_place() {
        assert_eq!(transposed("ij,jk->ik", 0).as_deref(), Some("ik,jk->ij"));
        assert_eq!(transposed("ij,jk", 1).as_deref(), Some("ik,ij->jk"));
        assert_eq!(transposed("i, i ->", 0).as_deref(), Some(",i->i"));
        assert_eq!(transposed("ii->i", 0), None);
        assert_eq!(transposed("ij->i", 0), None);
        assert_eq!(transposed("...i,i->...", 1), None);
        assert_eq!(transposed("ij->ij", 1), None);
    }
}
