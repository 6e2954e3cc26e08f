//! How often the parts of composites are asked.
//!
//! This module owns the tests of walks through composites. What they answer is tested outside.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::calendar::compile::compiled::{Compiled, Told};
use crate::calendar::compile::explain::Stretch;
use crate::calendar::compile::{composite, hours};
use crate::calendar::terms::composite::Composite;
use crate::calendar::terms::hours::Hours;
use crate::error::Problems;
use crate::time::epoch::EpochSecond;
use crate::time::instant::Instant;
use crate::time::interval::Interval;
use crate::zone::ZoneData;

/// Each composite is made of the two before it: 16 calendars, by more than a thousand paths.
#[test]
fn each_part_is_explained_once() -> Result<(), Problems> {
    let zones = ZoneData::fixed_only();
    let desk = |weekly| hours::compile(Hours::in_zone("UTC").weekly(weekly).hours(), &zones, None);
    let mut calendars: Vec<Arc<Compiled>> = [desk("Mon-Fri 09:00-17:00")?, desk("Sat 10:00-12:00")?].into();
    for _ in 0..14 {
        let earlier: Vec<Arc<Compiled>> = calendars.iter().rev().take(2).cloned().collect();
        let part = |name: &str| earlier.get(usize::from(name == "other")).cloned();
        let union = Composite::union("UTC", &["one", "other"]);
        calendars.push(composite::compile(&union, &zones, part)?);
    }
    let march = EpochSecond::of(1_772_409_600); // Monday, the second
    let asked = Interval::clamped(Instant::nearest(march), Instant::nearest(march.plus(30 * 86_400)));
    for last in calendars.iter().skip(15) {
        let mut told = Told::new(asked);
        told.of(last);
        assert_eq!((told.len(), last.with_parts().len()), (16, 16));
        let stretches = last.explain(asked);
        assert_eq!(
            stretches
                .iter()
                .filter(|stretch| Stretch::is_open(stretch))
                .count(),
            22 + 4
        );
    }
    Ok(())
}
