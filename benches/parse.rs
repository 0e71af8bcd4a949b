//! Parsing: a text of some thousand lines.

use cotangent::lang::{Source, parse};
use divan::Bencher;
use divan::counter::BytesCount;

fn main() {
    divan::main();
}

const FUNCTION: &str = "
def step(params, x, *, rate=1e-3):
    total = 0.0
    for i in range(len(x)):
        if x[i] > 0.5 and not (i % 3 == 0):
            total += np.tanh(x[i] * params['w'][i, 2:-1].sum()) ** 2
        else:
            total -= rate * x[i] / (1.0 + abs(total))
    return [total, {'mean': total / len(x)}], f\"{total:.3f}\"
";

#[divan::bench(args = [10, 1000])]
fn functions(bencher: Bencher, count: usize) {
    let text = FUNCTION.repeat(count);
    bencher.counter(BytesCount::of_str(&text)).bench(|| parse(&Source::new("<bench>", text.as_str())));
}
