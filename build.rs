//! Says early, and in one sentence, that OpenBLAS is missing; without this the build fails at its end, in the linker.

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    for variable in ["LIBRARY_PATH", "LD_LIBRARY_PATH", "PKG_CONFIG_PATH"] {
        println!("cargo:rerun-if-env-changed={variable}");
    }
    if !known_to_pkg_config() && !in_search_paths() {
        eprintln!(
            "OpenBLAS is not installed: run `apt-get install libopenblas-dev` (Debian, Ubuntu), `dnf install openblas-devel` \
             (Fedora) or `brew install openblas` (macOS)."
        );
        std::process::exit(1);
    }
}

fn known_to_pkg_config() -> bool {
    Command::new("pkg-config").args(["--exists", "openblas"]).status().is_ok_and(|status| status.success())
}

/// Whether a library that the linker takes for `-lopenblas` is where it looks by default.
fn in_search_paths() -> bool {
    let given = ["LIBRARY_PATH", "LD_LIBRARY_PATH"].into_iter().filter_map(std::env::var_os).collect::<Vec<_>>();
    let given = given.iter().flat_map(std::env::split_paths);
    let roots = [
        "/usr/lib",
        "/usr/lib64",
        "/lib",
        "/usr/local/lib",
        "/opt/homebrew/opt/openblas/lib",
        "/usr/local/opt/openblas/lib",
    ];
    let target = std::env::var("CARGO_CFG_TARGET_ARCH").unwrap_or_default();
    let multiarch = ["/usr/lib", "/lib"].map(|root| Path::new(root).join(format!("{target}-linux-gnu")));
    given.chain(roots.map(Into::into)).chain(multiarch).any(|folder| {
        ["libopenblas.so", "libopenblas.a", "libopenblas.dylib"].iter().any(|name| folder.join(name).exists())
    })
}
