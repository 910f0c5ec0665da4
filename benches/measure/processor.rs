//! The processor time that this process has taken, which other work on the machine does not stretch.

/// Returns it in seconds, of all threads that there are and have been; `None` where the system has no such clock.
pub(crate) fn seconds() -> Option<f64> {
    #[cfg(unix)]
    {
        use rustix::time::{ClockId, clock_gettime};
        let taken = clock_gettime(ClockId::ProcessCPUTime);
        Some(taken.tv_sec as f64 + taken.tv_nsec as f64 / 1e9)
    }
    #[cfg(not(unix))]
    None
}

/// Times a call in seconds of the processor; of the clock, where those are not told.
pub(crate) fn timed<T>(run: impl FnOnce() -> T) -> (f64, T) {
    let (begun, clock) = (seconds(), std::time::Instant::now());
    let result = run();
    let passed = match (begun, seconds()) {
        (Some(begun), Some(ended)) => ended - begun,
        _ => clock.elapsed().as_secs_f64(),
    };
    (passed, result)
}
