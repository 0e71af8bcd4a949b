//! What of Python's builtin names the language leaves out, and what to write instead.

/// What to write instead of a builtin of Python's that is not there.
pub fn instead(name: &str) -> Option<&'static str> {
    Some(match name {
        "iter" | "next" => "there are no iterators: take an element by its index, list(x)[0], or write a for loop",
        "set" | "frozenset" => {
            "there are no sets: a dict has its keys once, list(dict.fromkeys(x)), and np.unique(x) sorts them"
        }
        "complex" => "there are no complex numbers: keep the two parts as floats",
        "bytes" | "bytearray" | "memoryview" => "there are no bytes: ord(…) gives the code of a character",
        "hash" | "id" => "values have no identity: compare them with ==",
        "object" | "super" | "property" | "staticmethod" | "classmethod" | "issubclass" => {
            "there are no classes: keep named values in a dict and write functions of it"
        }
        "getattr" | "setattr" | "hasattr" | "delattr" | "vars" | "dir" => {
            "names are not looked up by text: keep named values in a dict"
        }
        "eval" | "exec" | "compile" | "globals" | "locals" | "__import__" => {
            "programs are not made of text: write a function, or let the host run it"
        }
        "open" | "input" => "files and input come through the host: np.loadtxt(…) and np.load(…) where it grants them",
        _ => return None,
    })
}
