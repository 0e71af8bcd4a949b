fn main() {
    let path = std::env::args().nth(1).unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    let mut interp = cotangent::Interp::new();
    if let Err(e) = interp.run(&text) {
        println!("{e}");
    }
}
