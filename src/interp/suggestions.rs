//! What a name that is not there was meant to be: the nearest of those that are, or what stands for it here.

/// The name that is most like another, if any is: the same in other letters' case, with few letters changed, or the
/// beginning of the other.
pub fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    // Of names of one letter, any is as near as any other.
    let most = match name.chars().count() {
        1 => 0,
        letters => (letters / 3).max(1),
    };
    names
        .filter(|candidate| !candidate.starts_with('_') || name.starts_with('_'))
        .filter_map(|candidate| {
            let far = match distance(name, candidate) {
                0 => return None,
                _ if candidate.eq_ignore_ascii_case(name) => 0,
                far if far <= most => far,
                _ if is_beginning(name, candidate) || is_beginning(candidate, name) => most + 1,
                _ => return None,
            };
            Some((far, !name.starts_with(candidate), usize::MAX - candidate.len(), candidate))
        })
        .min()
        .map(|(.., candidate)| candidate.to_owned())
}

/// Whether a name begins another that is at most twice as long.
fn is_beginning(short: &str, long: &str) -> bool {
    short.len() >= 3 && 2 * short.len() >= long.len() && long.starts_with(short)
}

fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let next = (diagonal + usize::from(x != *y)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], next);
        }
    }
    row[b.len()]
}

/// What to write for a name that other languages, or Python, have.
pub fn in_place_of(name: &str) -> Option<&'static str> {
    Some(match name {
        "null" | "nil" | "undefined" | "NULL" => "write None",
        "set" | "frozenset" => "there are no sets: write a list, or a dict whose keys are the elements",
        "open" | "file" => "a script reads data with np.loadtxt or np.load, from what the host grants",
        "input" => "a script gets its data as arguments, or from files that the host grants",
        "eval" | "exec" | "compile" | "__import__" => "a script cannot run text: write a function",
        "globals" | "locals" | "vars" | "dir" | "getattr" | "setattr" | "hasattr" | "delattr" => {
            "keep what is looked up by name in a dict"
        }
        "object" | "super" | "property" | "issubclass" | "classmethod" | "staticmethod" => {
            "there are no classes: write functions, and keep the state in a dict, a list or a tuple"
        }
        "complex" => "there are no complex numbers: keep the real and the imaginary part in two floats",
        "bytes" | "bytearray" | "memoryview" => "there are no bytes: write a string, or a list of ints",
        "iter" | "next" => "there are no iterators: go through the value with `for`, or take its elements by index",
        "id" | "hash" => "values have no identity: compare with ==",
        "numpy" => "write `import numpy` or `import numpy as np` first",
        "np" => "write `import numpy as np` first",
        "math" => "write `import math` first",
        "end" => "a block ends where its indentation ends",
        "this" | "self" => "there are no classes: pass the value as an argument",
        _ => return None,
    })
}

/// What to write for a name that NumPy or SciPy has in a module.
pub fn in_place_of_member(module: &str, name: &str) -> Option<&'static str> {
    Some(match (module, name) {
        ("np", "r_") => "write np.concatenate([…]), with np.arange or np.linspace for its slices",
        ("np", "c_") => "write np.column_stack([…])",
        ("np", "s_" | "index_exp") => "write slice(start, stop, step), or the subscript where it is used",
        ("np", "mgrid") => "write np.meshgrid(np.arange(…), np.arange(…), indexing='ij')",
        ("np", "ogrid") => "write np.meshgrid(np.arange(…), np.arange(…), indexing='ij', sparse=True)",
        ("np", "nditer" | "broadcast") => "write np.ndindex, np.ndenumerate or np.broadcast_arrays",
        ("np", "poly1d") => "keep the coefficients in an array, for np.polyval, np.polyadd, np.roots …",
        ("np", "matrix" | "asmatrix" | "mat" | "bmat") => "write np.array, and @ for products of matrices",
        ("np", "trapz") => "write np.trapezoid",
        ("np", "in1d") => "write np.isin",
        ("np", "product") => "write np.prod",
        ("np", "cumproduct") => "write np.cumprod",
        ("np", "alltrue") => "write np.all",
        ("np", "sometrue") => "write np.any",
        ("np", "float_") => "write np.float64",
        ("np", "int_" | "int32" | "int16" | "int8" | "uint8" | "uint64" | "long") => "integers are np.int64",
        ("np", "float32" | "float16" | "half" | "single" | "longdouble") => "floats are np.float64",
        ("np", "complex128" | "complex64" | "cdouble") => {
            "there are no complex numbers: keep the real and the imaginary part in two arrays"
        }
        ("np", "object_" | "str_" | "bytes_" | "void") => "elements of arrays are floats, integers or truth values",
        ("np", "errstate" | "seterr" | "geterr") => "there are no warnings to turn off: nan and inf stay silent",
        ("np", "set_printoptions" | "printoptions") => "write np.round(x, digits), or an f-string for each number",
        ("np", "genfromtxt" | "fromfile" | "fromstring" | "fromregex") => "write np.loadtxt",
        ("np", "savez" | "savez_compressed" | "memmap") => "write np.save, once for each array",
        ("np", "shares_memory" | "may_share_memory") => "values never share memory",
        ("np.random", "seed" | "rand" | "randn" | "randint" | "RandomState" | "choice" | "shuffle" | "permutation") => {
            "write rng = np.random.default_rng(seed), and rng.random(…), rng.normal(…), rng.integers(…) …"
        }
        ("linalg", "logm" | "funm" | "hessenberg" | "qz" | "ordqz" | "rsf2csf" | "cossin") => {
            "linalg has expm, sqrtm, schur, polar, and the factorisations cholesky, lu, qr, svd, eigh"
        }
        _ => return None,
    })
}

/// What to write for a method that other languages, or Python, have on a type.
pub fn in_place_of_method(type_name: &str, name: &str) -> Option<&'static str> {
    Some(match (type_name, name) {
        ("list" | "str" | "dict" | "tuple" | "array", "len" | "length" | "count" | "size") => "write len(x)",
        ("list", "push" | "add" | "push_back") => "write x.append(item)",
        ("list", "map" | "filter") => "write a comprehension: [f(item) for item in x]",
        ("list", "sum" | "max" | "min") => {
            "write the function: sum(x), max(x), min(x), or make the list an array first"
        }
        ("list", "shape" | "T" | "dtype" | "ndim" | "mean" | "reshape" | "dot" | "astype" | "flatten") => {
            "make the list an array first: np.array(x)"
        }
        ("dict", "has_key") => "write key in x",
        ("str", "contains" | "includes") => "write part in x",
        ("array", "view") => "arrays are values: write the array itself, or x.astype(dtype)",
        ("array", "resize") => "write x = np.resize(x, shape)",
        ("array", "ptp") => "write np.ptp(x)",
        (
            "array",
            "newbyteorder" | "byteswap" | "tobytes" | "tofile" | "dump" | "dumps" | "data" | "ctypes" | "base"
            | "flags",
        ) => "arrays are values: their memory is not to be seen",
        ("array", "append" | "push") => "write x = np.append(x, value), or gather the elements in a list first",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_what_was_meant() {
        for (name, names, wanted) in [
            ("learning_rat", "learning_rate rate", Some("learning_rate")),
            ("none", "None one", Some("None")),
            ("i", "x j", None),
            ("sine", "sin sinh cosine", Some("sin")),
            ("gradient", "grad vjp", Some("grad")),
            ("arrray", "array array_equal", Some("array")),
            ("solve_triang", "solve solve_triangular", Some("solve_triangular")),
            ("zzz", "xyz", None),
            ("helpre", "_helper helper", Some("helper")),
        ] {
            assert_eq!(nearest(name, names.split(' ')).as_deref(), wanted, "{name}");
        }
    }
}
