//! Numbers that look random and are the same on every run.

/// A generator of such numbers.
#[derive(Debug)]
pub(super) struct Dice(u64);

impl Dice {
    /// Returns the dice that a name stands for.
    pub(super) fn of(name: &str) -> Self {
        // FNV-1a, which scatters names that are nearly the same.
        let scatter = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        Self(name.bytes().fold(0xcbf2_9ce4_8422_2325, scatter))
    }

    /// Returns a number below `limit`, which is taken for at least 1.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }

    /// Tells whether the one time in so many has come.
    pub(super) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// Returns one of the choices.
    pub(super) fn pick<'a, T>(&mut self, choices: &'a [T]) -> Option<&'a T> {
        choices.get(self.below(choices.len()))
    }
}
