//! The subscripts of the derivatives of `np.einsum`.

/// The subscripts with which `np.einsum(…, y_bar, others…)` is the cotangent of an operand: `"ij,jk->ik"` gives
/// `"ik,jk->ij"` for the first. None where einsum cannot say it: for a repeated label (a diagonal), an ellipsis, or a label
/// that only this operand has.
pub fn transposed(subscripts: &str, operand: usize) -> Option<String> {
    let (mut terms, output) = terms(subscripts)?;
    if operand >= terms.len() {
        return None;
    }
    let labels = terms.remove(operand);
    terms.insert(0, output);
    let told = terms.join(",");
    let plain = labels.chars().all(|c| told.contains(c) && labels.matches(c).count() == 1);
    plain.then(|| format!("{told}->{labels}"))
}

/// The terms of the operands and of the result, which is implied where it is not written. None with an ellipsis.
pub fn terms(subscripts: &str) -> Option<(Vec<String>, String)> {
    let text: String = subscripts.chars().filter(|c| !c.is_whitespace()).collect();
    if text.contains('.') {
        return None;
    }
    let (inputs, output) = match text.split_once("->") {
        Some((inputs, output)) => (inputs, output.to_string()),
        None => {
            let mut once: Vec<char> = text.chars().filter(|&c| c != ',' && text.matches(c).count() == 1).collect();
            once.sort_unstable();
            (text.as_str(), once.into_iter().collect())
        }
    };
    Some((inputs.split(',').map(str::to_string).collect(), output))
}

/// The subscripts for a whole batch, along whose leading axis these operands and the result lie: `"ij,j->i"` gives `"aij,aj->ai"`.
pub fn batched(subscripts: &str, each: &[bool]) -> Option<String> {
    let (mut inputs, output) = terms(subscripts)?;
    let batch = ('a'..='z').chain('A'..='Z').find(|letter| !subscripts.contains(*letter))?;
    if inputs.len() != each.len() {
        return None;
    }
    for (input, each) in inputs.iter_mut().zip(each) {
        if *each {
            input.insert(0, batch);
        }
    }
    Some(format!("{}->{batch}{output}", inputs.join(",")))
}

#[cfg(test)]
mod tests {
    use super::{batched, transposed};

    #[test]
    fn a_batch_is_one_more_label() {
        assert_eq!(batched("ij,j->i", &[false, true]).as_deref(), Some("ij,aj->ai"));
        assert_eq!(batched("ab,bc", &[true, true]).as_deref(), Some("dab,dbc->dac"));
        assert_eq!(batched("i,i->", &[true, false]).as_deref(), Some("ai,i->a"));
        assert_eq!(batched("...i,i->...", &[true, false]), None);
    }

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
