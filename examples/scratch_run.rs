fn main() {
    let path = std::env::args().nth(1).unwrap();
    let mut i = cotangent::Interp::new();
    if let Err(e) = i.run_file(&path) { println!("ERROR {e:#?}\n{e}"); std::process::exit(1) }
}
