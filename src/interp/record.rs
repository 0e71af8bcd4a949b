//! Structs of the host that are dicts of a program.

/// Declares structs that go into a program as a dict with a key a field, and come out of one.
///
/// Every field's type converts by itself, so structs may hold structs. Keys that are no field are not looked at.
///
/// ```
/// use cotangent::{Interp, record};
/// use ndarray::{Array1, array};
/// record! {
///     /// What is fitted.
///     #[derive(Debug, Clone)]
///     pub struct Line {
///         /// The slopes.
///         pub slopes: Array1<f64>,
///         pub offset: f64,
///     }
/// }
/// let mut interp = Interp::new();
/// interp.run("def loss(p, x):\n    return (p['slopes'] * x).sum() + p['offset'] ** 2\n")?;
/// let line = Line { slopes: array![1.0, 2.0], offset: 3.0 };
/// let g: Line = interp.grad("loss")?.call((line, 5.0))?;
/// assert_eq!((g.slopes, g.offset), (array![5.0, 5.0], 6.0));
/// # Ok::<(), cotangent::Error>(())
/// ```
#[macro_export]
macro_rules! record {
    ($($(#[$about:meta])* $seen:vis struct $name:ident {
        $($(#[$field_about:meta])* $field_seen:vis $field:ident : $type:ty),+ $(,)?
    })+) => { $(
        $(#[$about])*
        $seen struct $name {
            $($(#[$field_about])* $field_seen $field: $type,)+
        }

        impl $crate::IntoValue for $name {
            fn into_value(self) -> $crate::Result<$crate::Value> {
                Ok($crate::Value::from_fields([
                    $((stringify!($field), $crate::IntoValue::into_value(self.$field)?)),+
                ]))
            }
        }

        impl $crate::FromValue for $name {
            fn from_value(value: $crate::Value) -> $crate::Result<$name> {
                let mut fields = value.into_fields(stringify!($name))?;
                Ok($name { $($field: fields.take(stringify!($field))?),+ })
            }
        }
    )+ };
}
