//! The fingerprint of a meaning: equal plans have equal fingerprints, whatever words surround them.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{Body, Calendar, Dimension, Plan, Publish};
use crate::value::Grain;

/// The way fingerprints are computed; changes when equal plans would hash differently.
pub const ALGORITHM: &str = "plan-1";

/// The parts of a plan that can move a number or decide whether it is shown; name and version cannot.
#[derive(Serialize)]
struct Meaning<'a> {
    algorithm: &'static str,
    calendar: &'a Calendar,
    grains: &'a [Grain],
    dimensions: &'a [Dimension],
    body: &'a Body,
    publish: &'a Publish,
}

impl Plan {
    /// Returns the first 16 hexadecimal digits of the SHA-256 of the canonical plan.
    pub fn fingerprint(&self) -> String {
        let meaning = Meaning {
            algorithm: ALGORITHM,
            calendar: &self.calendar,
            grains: &self.grains,
            dimensions: &self.dimensions,
            body: &self.body,
            publish: &self.publish,
        };
        let canonical = serde_json::to_vec(&meaning).expect("a plan has only texts, numbers and lists of them");
        let digest = Sha256::digest(&canonical);
        digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}
