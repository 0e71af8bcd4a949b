//! Runs a script and shows how many floating-point operations it took.

fn main() {
    let mut interp = cotangent::Interp::new();
    let path = std::env::args().nth(1).unwrap_or_default();
    if let Err(error) = interp.run_file(path) {
        eprintln!("{error}");
        std::process::exit(1);
    }
}
