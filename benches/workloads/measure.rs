//! Processor time of calls, medians, and the numbers of a value.

use cotangent::{FromValue, Result, Value};
use rustix::time::{ClockId, clock_gettime};

/// Seconds of processor time that this process has used.
pub fn processor_time() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}

/// Seconds of processor time a call, over as many calls as take the time given.
pub fn seconds_per_call(seconds: f64, call: &mut dyn FnMut() -> Result<()>) -> Result<f64> {
    let mut count = 1;
    loop {
        let start = processor_time();
        for _ in 0..count {
            call()?;
        }
        let spent = processor_time() - start;
        if spent >= 0.8 * seconds {
            return Ok(spent / count as f64);
        }
        count = (count as f64 * (seconds / spent.max(1e-6)).clamp(2.0, 100.0)) as u64;
    }
}

pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values {
        [] => f64::NAN,
        values if values.len() % 2 == 1 => values[middle],
        values => 0.5 * (values[middle - 1] + values[middle]),
    }
}

/// The numbers of values, those of one array together.
pub fn leaves(values: &[Value]) -> Vec<Vec<f64>> {
    let mut found = Vec::new();
    values.iter().for_each(|value| collect(value, &mut found));
    found
}

fn collect(value: &Value, found: &mut Vec<Vec<f64>>) {
    if let Ok(number) = f64::from_value(value.clone()) {
        found.push(vec![number]);
    } else if let Ok(array) = ndarray::ArrayD::<f64>::from_value(value.clone())
        && matches!(value, Value::Array(_))
    {
        found.push(array.iter().copied().collect());
    } else if let Ok(items) = Vec::<Value>::from_value(value.clone()) {
        items.iter().for_each(|item| collect(item, found));
    }
}
