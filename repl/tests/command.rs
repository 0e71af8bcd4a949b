//! The command from a shell: what it prints, where, and the status it ends with.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use tempfile::TempDir;

struct Ended {
    status: i32,
    out: String,
    err: String,
}

fn cotangent(arguments: &[&str]) -> Ended {
    cotangent_given(arguments, "")
}

fn cotangent_given(arguments: &[&str], input: &str) -> Ended {
    let mut child = Command::new(env!("CARGO_BIN_EXE_cotangent"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    child.stdin.take().expect("an input").write_all(input.as_bytes()).expect("the input is taken");
    let output = child.wait_with_output().expect("the command ends");
    Ended {
        status: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A directory with one script.
fn script(text: &str) -> (TempDir, PathBuf) {
    let directory = TempDir::new().expect("a directory");
    let path = directory.path().join("script.cot");
    std::fs::write(&path, text).expect("the script is written");
    (directory, path)
}

#[test]
fn a_script_runs_with_and_without_the_word() {
    let (_directory, path) = script("print(6 * 7)\n1 + 1\n");
    let path = path.to_str().expect("a path");
    for arguments in [&["run", path][..], &[path]] {
        let ended = cotangent(arguments);
        assert_eq!((ended.status, ended.out.as_str(), ended.err.as_str()), (0, "42\n", ""));
    }
}

#[test]
fn an_error_goes_to_standard_error_with_its_line() {
    let (_directory, path) = script("def f(x):\n    return x + unknown\n\nprint('before')\nf(1)\n");
    let ended = cotangent(&["run", path.to_str().expect("a path")]);
    assert_eq!((ended.status, ended.out.as_str()), (1, "before\n"));
    assert!(ended.err.contains("unknown") && ended.err.contains("script.cot:2"), "{}", ended.err);
}

#[test]
fn a_script_reads_files_beside_it_and_no_others() {
    let (directory, path) = script("import numpy as np\nprint(np.loadtxt('a.csv', delimiter=',').sum())\n");
    std::fs::write(directory.path().join("a.csv"), "1,2\n3,4\n").expect("the table is written");
    let ended = cotangent(&["run", path.to_str().expect("a path")]);
    assert_eq!((ended.status, ended.out.as_str()), (0, "10.0\n"), "{}", ended.err);

    let (_directory, path) = script("import numpy as np\nnp.loadtxt('/etc/hostname')\n");
    let ended = cotangent(&["run", path.to_str().expect("a path")]);
    assert_eq!(ended.status, 1);
    assert!(ended.err.contains("granted"), "{}", ended.err);
}

#[test]
fn code_of_the_command_line_prints_its_last_value() {
    let ended = cotangent(&["-e", "x = np.arange(3)\nx + 1"]);
    assert_eq!((ended.status, ended.out.as_str()), (0, "array([1, 2, 3])\n"), "{}", ended.err);
    let ended = cotangent(&["-e", "None"]);
    assert_eq!((ended.status, ended.out.as_str()), (0, ""));
    assert_eq!(cotangent(&["-e", "1 +"]).status, 1);
}

#[test]
fn a_program_comes_through_a_pipe() {
    let ended = cotangent_given(&[], "def f(x):\n    return 2 * x\nprint(f(21))\n");
    assert_eq!((ended.status, ended.out.as_str()), (0, "42\n"), "{}", ended.err);
}

#[test]
fn help_shows_signature_and_documentation() {
    let ended = cotangent(&["-e", "help(np.tanh)"]);
    assert_eq!(ended.status, 0);
    assert!(ended.out.starts_with("np.tanh(x") && ended.out.lines().count() > 2, "{}", ended.out);
    let ended = cotangent(&["-e", "def f(x):\n    'Doubles.'\n    return 2 * x\nhelp(f)"]);
    assert_eq!(ended.out, "def f(x):\n\n    Doubles.\n");
}

/// The printed gradient, run as a program of its own, gives what `grad` gives.
#[test]
fn grad_prints_a_program() {
    let text = "import numpy as np\n\ndef f(x, scale=2.0):\n    return scale * np.sin(x) * x\n";
    let (directory, path) = script(text);
    let target = format!("{}:f", path.display());
    let ended = cotangent(&["grad", &target]);
    assert_eq!(ended.status, 0, "{}", ended.err);
    assert!(ended.out.starts_with("# grad(f, 0) for arguments of any kind"), "{}", ended.out);

    let name = ended.out.lines().find_map(|line| line.strip_prefix("def ")?.split_once('(')).expect("a definition").0;
    let again = directory.path().join("again.cot");
    let check =
        "from cotangent import grad\nassert abs(DERIVED(0.7, 2.0) - 2.0 * (np.sin(0.7) + 0.7 * np.cos(0.7))) < 1e-14\n";
    let program = format!("import numpy as np\n{}\n{}", ended.out, check.replace("DERIVED", name));
    std::fs::write(&again, &program).expect("the program is written");
    let ended = cotangent(&["run", again.to_str().expect("a path")]);
    assert_eq!(ended.status, 0, "{}\n{program}", ended.err);
}

#[test]
fn grad_takes_arguments_and_positions() {
    let (_directory, path) = script("def f(a, x):\n    return a * (x * x).sum()\n");
    let target = format!("{}:f", path.display());
    let ended = cotangent(&["grad", &target, "--args", "1.0, np.zeros(3)", "--argnums", "1"]);
    assert_eq!(ended.status, 0, "{}", ended.err);
    assert!(ended.out.contains("arguments like (1.0, np.zeros(3))"), "{}", ended.out);
    assert_eq!(cotangent(&["grad", &format!("{}:absent", path.display())]).status, 1);
    assert_eq!(cotangent(&["grad", path.to_str().expect("a path")]).status, 2);
    assert_eq!(cotangent(&["grad", &target, "--argnums", "1 +"]).status, 2);
}

/// Scripts read the data beside them wherever the command is called from.
#[test]
fn the_examples_run() {
    let example = |name: &str| format!("{}/../examples/{name}", env!("CARGO_MANIFEST_DIR"));
    let ended = cotangent(&["run", &example("scalar.cot")]);
    assert_eq!(ended.status, 0, "{}", ended.err);
    let ended = cotangent(&["run", &example("digits.cot")]);
    assert_eq!(ended.status, 0, "{}", ended.err);
    let last = ended.out.lines().last().unwrap_or_default();
    let accuracy = last.strip_prefix("test accuracy: ").and_then(|rest| rest.strip_suffix(" %")?.parse::<f64>().ok());
    assert!(accuracy.is_some_and(|percent| percent >= 95.0), "{last}");
}

#[test]
fn tests_are_found_run_and_counted() {
    let (directory, _) =
        script("def test_a():\n    assert 1 + 1 == 2\n\ndef test_b():\n    assert 1 > 2, 'no'\n\ntest_c = 3\n");
    let ended = cotangent(&["test", directory.path().to_str().expect("a path")]);
    assert_eq!(ended.status, 1);
    assert!(ended.out.contains("test_a: ok\n") && ended.out.ends_with("1 passed, 1 failed\n"), "{}", ended.out);
    assert!(ended.err.contains("script.cot:5"), "{}", ended.err);

    let (_directory, path) = script("def test_a():\n    pass\n");
    assert_eq!(cotangent(&["test", path.to_str().expect("a path")]).status, 0);
    let (_directory, path) = script("pass\n");
    assert_eq!(cotangent(&["test", path.to_str().expect("a path")]).status, 1);
}

#[test]
fn check_parses_and_does_not_run() {
    let (_directory, path) = script("print('ran')\n");
    let ended = cotangent(&["check", path.to_str().expect("a path")]);
    assert_eq!((ended.status, ended.out.as_str()), (0, ""));
    let (_directory, path) = script("x = 1\nif x\n    pass\n");
    let ended = cotangent(&["check", path.to_str().expect("a path")]);
    assert_eq!(ended.status, 1);
    assert!(ended.err.contains("script.cot:2"), "{}", ended.err);
}

#[test]
fn a_wrong_command_line_has_its_own_status() {
    for arguments in [&["run"][..], &["check"], &["--unknown"], &["run", "a.cot", "b.cot"], &["-e"]] {
        let ended = cotangent(arguments);
        assert_eq!((ended.status, ended.out.as_str()), (2, ""), "{arguments:?}");
        assert!(ended.err.contains("--help"), "{}", ended.err);
    }
    assert_eq!(cotangent(&["run", "absent.cot"]).status, 1);
    assert_eq!(cotangent(&["--version"]).out, format!("cotangent {}\n", env!("CARGO_PKG_VERSION")));
    assert!(cotangent(&["--help"]).out.contains("cotangent grad FILE:FUNCTION"));
}

/// What the README shows is what the command prints.
#[test]
fn the_readme_is_true() {
    let readme = include_str!("../../README.md");
    let blocks = |language: &str| -> Vec<String> {
        let opening = format!("```{language}\n");
        readme.split(&opening).skip(1).filter_map(|rest| rest.split("```").next()).map(str::to_owned).collect()
    };
    let directory = TempDir::new().expect("a directory");
    let programs = blocks("python");
    let path = directory.path().join("first.cot");
    std::fs::write(&path, &programs[0]).expect("the script is written");
    for shown in &programs[1..] {
        let head = shown.lines().next().expect("a line");
        let (name, arguments) = head
            .strip_prefix("# grad(")
            .and_then(|rest| rest.strip_suffix(')'))
            .and_then(|rest| rest.split_once(", 0) for arguments like ("))
            .expect("the line that the command writes");
        let function = format!("{}:{name}", path.display());
        assert_eq!(cotangent(&["grad", &function, "--args", arguments]).out, *shown);
    }
    let sessions = blocks("pycon");
    assert_eq!((programs.len(), sessions.len()), (3, 2));
    let mut program = format!("import numpy as np\n{}", programs[0]);
    let mut shown = String::new();
    for line in sessions.concat().lines() {
        match line.strip_prefix(">>> ") {
            // Defined above.
            Some(import) if import.starts_with("from first") => {}
            Some(statement) if statement.starts_with("def ") || statement.starts_with("print(") => {
                program += &format!("{statement}\n");
            }
            Some(expression) => program += &format!("print(repr({expression}))\n"),
            None => shown += &format!("{line}\n"),
        }
    }
    let ended = cotangent_given(&[], &program);
    assert_eq!((ended.out.trim_end(), ended.err), (shown.trim_end(), String::new()));
}

#[test]
fn times_are_said_by_line_when_they_are_asked_for() {
    let text = "from cotangent import grad\n\ndef f(x):\n    for i in range(5000):\n        x = x * 0.5 + x * x\n    return x\n\nprint(grad(f)(0.1))\n";
    let (_directory, path) = script(text);
    let path = path.to_str().expect("a path");
    let plain = cotangent(&["run", path]);
    assert_eq!((plain.status, plain.err.as_str()), (0, ""));
    for arguments in [["run", "--time", path], ["run", path, "--time"]] {
        let timed = cotangent(&arguments);
        assert_eq!((timed.status, timed.out.as_str()), (0, plain.out.as_str()));
        for expected in
            ["transforming", "     5 |         x = x * 0.5 + x * x", "derivative: loop", "machine code", "%"]
        {
            assert!(timed.err.contains(expected), "{expected:?} is not in {}", timed.err);
        }
    }
}

#[test]
fn times_are_said_of_a_script_that_fails() {
    let (_directory, path) = script("def f(x):\n    return x + unknown\n\nprint('before')\nf(1)\n");
    let ended = cotangent(&["run", "--time", path.to_str().expect("a path")]);
    assert_eq!((ended.status, ended.out.as_str()), (1, "before\n"));
    assert!(ended.err.contains("unknown") && ended.err.contains("     4 | print('before')"), "{}", ended.err);
    assert_eq!(cotangent(&["run", "--tim", "x.cot"]).status, 2);
    assert_eq!(cotangent(&["run", "--time"]).status, 2);
}
