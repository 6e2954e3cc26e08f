//! Every text of documents: it is refused, or printed so that it reads back equal; and serde agrees.
#![no_main]

use std::fmt::{Debug, Display};
use std::str::FromStr;

use libfuzzer_sys::fuzz_target;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use sla_fuzz::{shown, stage};

fn check<T>(text: &str)
where
    T: FromStr<Err = sla::error::ParseError> + Display + Debug + PartialEq + Serialize + DeserializeOwned,
{
    let read = text.parse::<T>();
    let through_serde = serde_json::from_value::<T>(Value::from(text));
    match &read {
        Ok(value) => {
            let printed = value.to_string();
            assert_eq!(
                printed.parse::<T>().as_ref(),
                Ok(value),
                "{text:?} is printed as {printed:?}"
            );
            assert_eq!(serde_json::to_value(value).unwrap(), Value::from(printed));
            assert_eq!(through_serde.as_ref().ok(), Some(value), "{text:?}");
        }
        Err(error) => {
            assert!(shown(error).len() <= 1_000, "{error}");
            assert!(through_serde.is_err(), "{text:?}");
        }
    }
}

macro_rules! check_each {
    ($text:expr, $($module:ident { $($name:ident)+ })+) => {
        $($(stage(stringify!($name), || check::<sla::$module::$name>($text));)+)+
    };
}

fuzz_target!(|text: &str| {
    check_each! { text,
        time { DayMeaning TimeOfDay WallTime WorkingTime WrittenTime }
        number { Currency Money Percentage Target }
        period { Date PartialPeriods Period PeriodKind StartMonth }
        zone { GapRule ZoneName }
        calendar { BeyondKnown DateRule DayHours Moment Observed OvernightOnHoliday Weekly }
        clock { Condition CountedWhen Outcome SeverityChange SpanKind State TargetTerms }
        record { ChargeKind EventName }
        fingerprint { Fingerprint }
        statement { Standing }
    }
});
