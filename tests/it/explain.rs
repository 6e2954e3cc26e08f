//! Steps and values: what each kind of step computes, what does not hold, and the one text of every value.

use proptest::prelude::*;
use serde_json::json;
use sla::WallTime;
use sla::explain::{Op, Step, Steps};
use sla::number::{ExactMoney, Ratio, Value};

/// A step that starts from the first value and uses the others, all stated by terms.
fn step(op: &serde_json::Value, values: &[&str], after: &str) -> Step {
    let operand = |value: &&str| json!({ "from": "term", "value": value });
    let step = json!({
        "cites": "terms",
        "op": op,
        "before": operand(&values[0]),
        "inputs": values[1..].iter().map(operand).collect::<Vec<_>>(),
        "after": after,
    });
    serde_json::from_value(step).unwrap()
}

#[test]
fn each_kind_of_step_holds_with_its_result_only() {
    let band = |lower: &str, upper: &str| json!({ "band": { "lower": lower, "upper": upper } });
    let below = |edge: &str| json!({ "band": { "lower": null, "upper": edge } });
    let round = |how: &str| json!({ "round": how });
    let rows: Vec<(serde_json::Value, &[&str], &str)> = vec![
        (json!("add"), &["0.00 EUR", "1.10 EUR", "2.2 JPY"], ""),
        (json!("add"), &["0.00 EUR", "1.10 EUR", "2.205 EUR"], "3.305 EUR"),
        (json!("add"), &["1", "2", "3"], "6"),
        (json!("add"), &["18446744073709551615", "1"], ""),
        (json!("add"), &["PT1H", "PT30M"], "PT1H30M"),
        (json!("add"), &["1/3", "1/6"], "1/2"),
        (json!("add"), &["1/3", "1"], ""),
        (json!("subtract"), &["250.01 EUR", "108.77 EUR"], "141.24 EUR"),
        (json!("subtract"), &["1.00 EUR", "1.01 EUR"], ""),
        (json!("subtract"), &["3", "1", "1"], "1"),
        (json!("times"), &["2000.05 EUR", "7.5 %"], "150.00375 EUR"),
        (
            json!("times"),
            &["100.00 EUR", "15/31"],
            "48.38 EUR and 22/31 of a minor unit",
        ),
        (json!("times"), &["100.00 EUR", "1.00 EUR"], ""),
        (json!("divide"), &["100.00 EUR", "50 %"], "200.00 EUR"),
        (json!("divide"), &["100.00 EUR", "0 %"], ""),
        (json!("divide"), &["27", "28"], "27/28"),
        (json!("divide"), &["1.00 EUR", "4.00 EUR"], "1/4"),
        (json!("least"), &["5.00 EUR", "3.00 EUR", "4.00 EUR"], "3.00 EUR"),
        (json!("least"), &["5.00 EUR", "3 JPY"], ""),
        (json!("greatest"), &["0 %", "10 %", "25 %", "25 %"], "25 %"),
        (json!("greatest"), &["0 %"], "0 %"),
        (
            band("inside", "outside"),
            &["99/100", "99 %", "99.9 %", "10 %"],
            "10 %",
        ),
        (
            band("outside", "outside"),
            &["99/100", "99 %", "99.9 %", "10 %"],
            "",
        ),
        (
            band("inside", "outside"),
            &["999/1000", "99 %", "99.9 %", "10 %"],
            "",
        ),
        (
            band("inside", "inside"),
            &["999/1000", "99 %", "99.9 %", "10 %"],
            "10 %",
        ),
        (band("inside", "inside"), &["999/1000", "99 %", "99.9 %"], ""),
        (below("outside"), &["1/2", "95 %", "7.5 %"], "7.5 %"),
        (below("outside"), &["1/2", "95 %", "7.5 %", "8 %"], ""),
        (round("half_even"), &["5.005 EUR"], "5.00 EUR"),
        (round("half_even"), &["5.015 EUR"], "5.02 EUR"),
        (round("up"), &["5.001 EUR"], "5.01 EUR"),
        (round("up"), &["5.00 EUR"], "5.00 EUR"),
        (round("down"), &["5.009 EUR"], "5.00 EUR"),
        (round("down"), &["1.9 JPY"], "1 JPY"),
        (round("down"), &["3"], ""),
    ];
    for (op, values, result) in rows {
        let place = format!("{op} of {values:?}");
        let wrong = ["1.00 EUR", "7", "1/7", "PT7S", "7 %", values[0]];
        for after in wrong.into_iter().filter(|after| *after != result) {
            assert!(!step(&op, values, after).holds(), "{place} is not {after}");
        }
        if !result.is_empty() {
            assert!(step(&op, values, result).holds(), "{place} is {result}");
        }
    }
}

#[test]
fn steps_hold_together_or_not_at_all() {
    let fact = json!({ "fact": "charges[A]" });
    let step = |before: serde_json::Value, value: &str, share: &str, after: &str| {
        json!({
            "cites": "credit", "op": "times",
            "before": { "from": before, "value": value },
            "inputs": [{ "from": "term", "value": share }], "after": after,
        })
    };
    let first = step(fact, "100.00 EUR", "10 %", "10.00 EUR");
    let read = |steps: &[&serde_json::Value]| serde_json::from_value::<Steps>(json!(steps)).unwrap();
    let after_first = step(json!({ "step": 0 }), "10.00 EUR", "50 %", "5.00 EUR");
    let steps = read(&[&first, &after_first]);
    assert!(steps.hold());
    assert_eq!(steps.behind(1), [0, 1]);
    assert_eq!(steps.behind(0), [0]);
    assert_eq!(steps.behind(7), [0_usize; 0]);
    let text = serde_json::to_value(&steps).unwrap();
    assert_eq!(serde_json::from_value::<Steps>(text).unwrap(), steps);
    assert_eq!(steps.get(0).unwrap().op, Op::Times);

    // Another result than the step before it has, a step after it, itself, and none at all.
    for (from, value, after) in [
        (0, "20.00 EUR", "10.00 EUR"),
        (1, "5.00 EUR", "2.50 EUR"),
        (7, "10.00 EUR", "5.00 EUR"),
    ] {
        let linked = step(json!({ "step": from }), value, "50 %", after);
        let steps = read(&[&first, &linked]);
        assert!(steps.iter().all(Step::holds) && !steps.hold(), "{linked}");
    }
    // A circle ends.
    let one = step(json!({ "step": 1 }), "10.00 EUR", "100 %", "10.00 EUR");
    let other = step(json!({ "step": 0 }), "10.00 EUR", "100 %", "10.00 EUR");
    let circle = read(&[&one, &other]);
    assert_eq!(circle.behind(1), [0, 1]);
    assert!(!circle.hold());
}

#[test]
fn there_is_one_text_of_a_value() {
    for text in [
        "", "1.5", "-1", "01", "+1", "1/0", "01/2", "+1/2", "1 / 2", "5%", "5. %", "10001 %", "1.5 EUR",
        "P1D", "PT60M", "1 EURO",
    ] {
        let error = text.parse::<Value>().unwrap_err().to_string();
        assert_eq!(
            error,
            format!(
                "expected a fraction, percentage, amount of money, count or time, such as `27/28`, `12.5 %`, `1.50 EUR`, \
                 `3` or `PT4H`, found `{text}`"
            )
        );
    }
    assert!(serde_json::from_str::<Value>("3").is_err(), "no bare number");
}

fn value() -> impl Strategy<Value = Value> {
    let ratio =
        || (0..1_000_000_u128, 1..1_000_000_u128).prop_map(|(part, whole)| Ratio::new(part, whole).unwrap());
    let currency = proptest::sample::select(vec!["EUR", "JPY", "BHD", "CLF"]);
    prop_oneof![
        ratio().prop_map(Value::Ratio),
        (0..10_000_u32, 0..1_000_u32).prop_map(|(whole, decimals)| {
            Value::Percent(format!("{whole}.{decimals:03} %").parse().unwrap())
        }),
        (ratio(), currency).prop_map(|(amount, currency)| {
            Value::Money(ExactMoney::new(amount, currency.parse().unwrap()))
        }),
        any::<u64>().prop_map(Value::Count),
        (0..4_000_000_000_000_000_u64)
            .prop_map(|nanoseconds| Value::Time(WallTime::nanoseconds(nanoseconds))),
    ]
}

proptest! {
    /// Text and back is the same value, and says of which kind it is.
    #[test]
    fn values_read_back(value in value()) {
        let text = value.to_string();
        let read: Value = text.parse().unwrap();
        prop_assert_eq!(read, value, "{}", text);
        prop_assert_eq!(read.to_string(), text);
    }
}
