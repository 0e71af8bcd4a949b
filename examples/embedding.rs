//! A host that embeds the language: it registers a function, hands in arrays and takes results out.

use cotangent::{Interp, Result};
use ndarray::{Array1, array};

fn main() -> Result<()> {
    let mut interp = Interp::new();
    interp.register("hypotenuse", |x: f64, y: f64| x.hypot(y))?;
    interp.set("points", array![[3.0, 4.0], [5.0, 12.0]])?;
    interp.run(
        "import numpy as np
lengths = np.zeros(len(points))
for i in range(len(points)):
    lengths[i] = hypotenuse(points[i, 0], points[i, 1])

def scaled(x, factor):
    return x * factor
",
    )?;
    let lengths: Array1<f64> = interp.get("lengths")?;
    let twice: Array1<f64> = interp.call("scaled", (lengths.clone(), 2.0))?;
    println!("{lengths} {twice}");
    Ok(())
}
