//! The processor time that this process has taken, which other work on the machine does not stretch.

/// Returns it in seconds, where the kernel tells it: in nanoseconds per thread.
pub(crate) fn seconds() -> Option<f64> {
    let mut nanoseconds = 0_u64;
    for task in std::fs::read_dir("/proc/self/task").ok()? {
        let told = std::fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
        nanoseconds += told.split_whitespace().next()?.parse::<u64>().ok()?;
    }
    Some(nanoseconds as f64 / 1e9)
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
