//! The run: facts in, in any order and any number of parts; one statement out.
//!
//! This module owns [`StatementBuilder`]: it takes each fact through its checks once and hands what
//! it came to over to `gather`. Which facts an agreement takes is left to `admission`, what an
//! incident came to is left to `outcome`, and the statement to `conclude`.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;

use chrono::{DateTime, Utc};

use super::admission::{self, Admission};
use super::compile::Compiled;
use super::conclude::conclude;
use super::gather::{Gathered, Kept, MergeError};
use super::outcome;
use crate::error::{ProblemList, Problems};
use crate::measure::scope::{OutOfScope, Scope};
use crate::period::Period;
use crate::record::{CheckedFact, Fact, Pushed};
use crate::statement::Statement;
use crate::time::instant::Instant;

/// A statement that is being made. Facts are pushed one by one, in any order; gathered parts of a
/// record merge.
///
/// Use it to stream a long record or to split one over several processes. For a record in memory,
/// [`CompiledAgreement::statement`](crate::agreement::CompiledAgreement::statement) does all of it.
///
/// # Example: a record in two parts
///
/// ```
/// # use chrono::{TimeZone, Utc};
/// # use sla::{Agreement, ZoneData};
/// # use sla::agreement::{Gathered, AgreementTerms};
/// # use sla::record::{Fact, Monitoring, Outage};
/// # let terms: AgreementTerms = toml::from_str(r#"
/// #     id = "acme-2026"
/// #     provider = "Northwind"
/// #     customer = "Acme"
/// #     currency = "EUR"
/// #     zone = "UTC"
/// #     in_force = { from = 2026-01-01, through = 2026-12-31 }
/// #     entities = ["eu"]
/// #     [[levels]]
/// #     id = "uptime"
/// #     per = "month"
/// #     availability = { target = "99.9 %", known_at_least = "99 %" }
/// # "#)?;
/// # let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
/// # let at = |day, hour| Utc.with_ymd_and_hms(2026, 4, day, hour, 0, 0).unwrap();
/// # let as_of = Utc.with_ymd_and_hms(2026, 5, 2, 9, 0, 0).unwrap();
/// # let facts: [Fact; 2] = [
/// #     Monitoring::new("MON-1", "eu", at(1, 0)).into(),
/// #     Outage::new("OUT-1", "eu", at(10, 0)).until(at(10, 2)).into(),
/// # ];
/// let mut whole = agreement.open("2026-04".parse()?, as_of)?;
/// whole.push(&facts[0]);
/// whole.push(&facts[1]);
///
/// let mut part = agreement.open("2026-04".parse()?, as_of)?;
/// part.push(&facts[1]);
/// let mut other = agreement.open("2026-04".parse()?, as_of)?;
/// other.push(&facts[0]);
/// let text = serde_json::to_string(&other.gathered())?; // perhaps from another process
/// part.merge(serde_json::from_str::<Gathered>(&text)?)?;
/// assert_eq!(part.finish()?, whole.finish()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct StatementBuilder {
    agreement: Arc<Compiled>,
    scope: Scope,
    admission: Admission,
    gathered: Gathered,
}

impl StatementBuilder {
    pub(super) fn open(
        agreement: Arc<Compiled>,
        period: Period,
        as_of: DateTime<Utc>,
    ) -> Result<Self, Problems> {
        let as_of = Instant::new(as_of).map_err(|error| Problems::one("as_of", error))?;
        let in_force = &agreement.terms.in_force;
        let scope = Scope::new(
            &agreement.zone,
            period,
            in_force.dates(),
            in_force.partial_periods,
            as_of,
        );
        let scope =
            scope.map_err(|error| Problems::one("period", out_of_scope(&agreement, period, &error)))?;
        Ok(Self {
            admission: Admission::new(&agreement, &scope),
            gathered: Gathered::new(&agreement, &scope),
            agreement,
            scope,
        })
    }

    /// Adds a fact, and returns what it was to the facts before it. [`StatementBuilder::finish`]
    /// reports whatever is wrong with it, together with everything else.
    ///
    /// # Example: a fact that arrives twice
    ///
    /// ```
    /// # use sla::{Agreement, ZoneData};
    /// # let terms = toml::from_str(r#"
    /// #     id = "acme-2026"
    /// #     provider = "Northwind"
    /// #     customer = "Acme"
    /// #     currency = "EUR"
    /// #     zone = "UTC"
    /// #     in_force = { from = 2026-01-01, through = 2026-12-31 }
    /// #     entities = ["eu"]
    /// #     [[levels]]
    /// #     id = "uptime"
    /// #     per = "month"
    /// #     availability = { target = "99.9 %" }
    /// # "#)?;
    /// # let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
    /// use sla::record::{Outage, Pushed};
    ///
    /// let mut builder = agreement.open("2026-04".parse()?, "2026-05-02T09:00:00Z".parse()?)?;
    /// let outage = Outage::new("OUT-1", "eu", "2026-04-10T00:00:00Z".parse()?)
    ///     .until("2026-04-10T02:00:00Z".parse()?);
    /// assert_eq!(builder.push(&outage.clone().into()), Pushed::New);
    /// assert_eq!(builder.push(&outage.into()), Pushed::Repeated); // counts once
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Cost
    ///
    /// Linear in the events of an incident, once for all clocks, and one fingerprint; logarithmic
    /// in the number of facts before it.
    pub fn push(&mut self, fact: &Fact) -> Pushed {
        let Self {
            agreement,
            scope,
            admission,
            gathered,
        } = self;
        gathered.facts.push(fact, scope.as_of, |checked| {
            take(agreement, scope, admission, fact, checked)
        })
    }

    /// Adds what was gathered from another part of the record for the same statement. A fact that
    /// both parts have counts once.
    ///
    /// # Example: two halves of a month
    ///
    /// ```
    /// # use sla::{Agreement, ZoneData};
    /// # let terms = toml::from_str(r#"
    /// #     id = "acme-2026"
    /// #     provider = "Northwind"
    /// #     customer = "Acme"
    /// #     currency = "EUR"
    /// #     zone = "UTC"
    /// #     in_force = { from = 2026-01-01, through = 2026-12-31 }
    /// #     entities = ["eu"]
    /// #     [[levels]]
    /// #     id = "uptime"
    /// #     per = "month"
    /// #     availability = { target = "99.9 %" }
    /// # "#)?;
    /// # let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
    /// use sla::record::Outage;
    ///
    /// let as_of = "2026-05-02T09:00:00Z".parse()?;
    /// let mut first = agreement.open("2026-04".parse()?, as_of)?;
    /// first.push(&Outage::new("OUT-1", "eu", "2026-04-10T00:00:00Z".parse()?).recorded(as_of).into());
    /// let second = agreement.open("2026-04".parse()?, as_of)?;
    /// first.merge(second)?;
    ///
    /// let may = agreement.open("2026-05".parse()?, as_of)?;
    /// assert_eq!(
    ///     first.merge(may).unwrap_err().to_string(),
    ///     "expected a part of the same period, `2026-04`, found `2026-05`"
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`MergeError`] if the part was gathered for another agreement, other zone data, another
    /// period or instant, or by another version of this crate, or if no gathering can have made it.
    /// Nothing is added then.
    pub fn merge(&mut self, other: impl Into<Gathered>) -> Result<(), MergeError> {
        self.gathered.merge(other.into(), &self.agreement, &self.scope)
    }

    /// Returns what was gathered so far, to be stored, sent, or merged into another builder.
    ///
    /// # Example: as JSON
    ///
    /// ```
    /// # use sla::{Agreement, ZoneData};
    /// # let terms = toml::from_str(r#"
    /// #     id = "acme-2026"
    /// #     provider = "Northwind"
    /// #     customer = "Acme"
    /// #     currency = "EUR"
    /// #     zone = "UTC"
    /// #     in_force = { from = 2026-01-01, through = 2026-12-31 }
    /// #     entities = ["eu"]
    /// #     [[levels]]
    /// #     id = "uptime"
    /// #     per = "month"
    /// #     availability = { target = "99.9 %" }
    /// # "#)?;
    /// # let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
    /// use sla::agreement::Gathered;
    ///
    /// let builder = agreement.open("2026-04".parse()?, "2026-05-02T09:00:00Z".parse()?)?;
    /// let gathered = builder.gathered();
    /// let text = serde_json::to_string(&gathered)?;
    /// assert_eq!(serde_json::from_str::<Gathered>(&text)?, gathered);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn gathered(self) -> Gathered {
        self.gathered
    }

    /// Returns the statement of all facts that were pushed or merged.
    ///
    /// # Example: a month without a fact
    ///
    /// ```
    /// # use sla::{Agreement, ZoneData};
    /// # let terms = toml::from_str(r#"
    /// #     id = "acme-2026"
    /// #     provider = "Northwind"
    /// #     customer = "Acme"
    /// #     currency = "EUR"
    /// #     zone = "UTC"
    /// #     in_force = { from = 2026-01-01, through = 2026-12-31 }
    /// #     entities = ["eu"]
    /// #     [[levels]]
    /// #     id = "uptime"
    /// #     per = "month"
    /// #     availability = { target = "99.9 %" }
    /// # "#)?;
    /// # let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
    /// use sla::level::Verdict;
    ///
    /// let builder = agreement.open("2026-04".parse()?, "2026-05-02T09:00:00Z".parse()?)?;
    /// let statement = builder.finish()?;
    /// assert_eq!(statement.findings[0].verdict, Verdict::NotJudged); // nobody watched
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Problems`]: everything that is wrong with any fact, each with its path: see
    /// [`Fact::check`]; a name that the agreement does not declare; one id with two contents; a
    /// charge in another currency or for a period that reaches beyond the statement's; a question
    /// that a calendar cannot answer, for example beyond the last date that it knows.
    pub fn finish(self) -> Result<Statement, Problems> {
        let mut problems = ProblemList::default();
        self.gathered.facts.find_problems(&mut problems);
        problems.finish()?;
        conclude(&self.agreement, &self.scope, &self.gathered)
    }
}

impl From<StatementBuilder> for Gathered {
    fn from(builder: StatementBuilder) -> Self {
        builder.gathered
    }
}

/// What a checked fact came to.
fn take(
    agreement: &Compiled,
    scope: &Scope,
    admission: &Admission,
    fact: &Fact,
    checked: CheckedFact<'_>,
) -> Result<Kept, Problems> {
    admission::check(agreement, scope.period, fact)?;
    let CheckedFact::Incident(incident) = checked else {
        return Ok(Kept::Fact(Box::new(fact.clone())));
    };
    let history = incident.history(scope.as_of)?;
    let outcomes = outcome::of_incident(agreement, admission, &history)?;
    Ok(Kept::from(outcomes))
}

fn out_of_scope(agreement: &Compiled, period: Period, error: &OutOfScope) -> String {
    let in_force = &agreement.terms.in_force;
    let (from, until) = (in_force.from, in_force.through);
    match error {
        OutOfScope::NotInForce => format!(
            "expected a period in which the agreement is in force ({from} to {until}), found {period}"
        ),
        OutOfScope::InPart { days, of } => format!(
            "the agreement ({from} to {until}) is in force on {days} of the {of} days of {period}: expected \
             `prorate`, `assume_up` or `whole` as its `in_force.partial_periods`, found nothing"
        ),
        OutOfScope::Unplaced(error) => format!("{error}"),
    }
}
