//! Rows in shares, which the cores of the machine take one after the other.
//!
//! What comes of shares is put together in the order of the rows, and the error of the first of them stands, as if one core
//! had done it all. Knows no row.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use crate::cores;

/// Rows that a core looks at in one go: so many that starting a second one pays; few where tests have few rows.
const LEAST: usize = if cfg!(test) { 2 } else { 1 << 14 };
/// Shares that a core is given at least, where there are rows enough, so that none waits long for another.
const EACH: usize = 4;

/// Returns how many cores so many rows are worth.
pub(super) fn cores_for(rows: usize) -> usize {
    cores::count().min(rows.div_ceil(LEAST)).max(1)
}

/// Returns what comes of `rows` rows in one list, share after share.
pub(super) fn joined<R: Send, E: Send>(
    rows: usize,
    work: impl Fn(Range<usize>) -> Result<Vec<R>, E> + Sync,
) -> Result<Vec<R>, E> {
    let mut shares = over(rows, work)?;
    let mut all = Vec::with_capacity(shares.iter().map(Vec::len).sum());
    shares.iter_mut().for_each(|share| all.append(share));
    Ok(all)
}

/// Returns what comes of `rows` rows, share by share.
pub(super) fn over<R: Send, E: Send>(
    rows: usize,
    work: impl Fn(Range<usize>) -> Result<R, E> + Sync,
) -> Result<Vec<R>, E> {
    let size = size(rows);
    let shares: Vec<Range<usize>> = (0..rows).step_by(size).map(|first| first..rows.min(first + size)).collect();
    cores::map_each(&shares, |share| work(share.clone())).into_iter().collect()
}

/// Changes each of some rows, told with its place among them.
pub(super) fn change<T: Send, E: Send>(
    rows: &mut [T],
    work: impl Fn(usize, &mut T) -> Result<(), E> + Sync,
) -> Result<(), E> {
    let size = size(rows.len());
    let shares: Vec<(usize, Mutex<&mut [T]>)> =
        rows.chunks_mut(size).enumerate().map(|(share, rows)| (share * size, Mutex::new(rows))).collect();
    let change = |(first, rows): &(usize, Mutex<&mut [T]>)| {
        // Each share is taken once, so that nobody waits here.
        let mut rows = rows.lock().unwrap_or_else(PoisonError::into_inner);
        rows.iter_mut().enumerate().try_for_each(|(place, row)| work(first + place, row))
    };
    cores::map_each(&shares, change).into_iter().collect()
}

/// Returns how many rows a share has.
fn size(rows: usize) -> usize {
    LEAST.max(rows / (EACH * cores::count()))
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    #[test]
    fn rows_are_put_together_in_their_order() {
        for rows in [0, 1, 2, 101] {
            let Ok::<_, Infallible>(doubled) = joined(rows, |share| Ok(share.map(|row| 2 * row).collect()));
            assert_eq!(doubled, (0..rows).map(|row| 2 * row).collect::<Vec<_>>());
            let mut changed = vec![1; rows];
            let Ok::<_, Infallible>(()) = change(&mut changed, |place, row| {
                *row += place;
                Ok(())
            });
            assert_eq!(changed, (1..=rows).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_error_of_the_first_row_that_has_one_stands() {
        let fail = |row: usize| if row < 40 { Ok(()) } else { Err(row) };
        assert_eq!(over(101, |mut share| share.try_for_each(fail)), Err(40));
        assert_eq!(change(&mut [(); 101], |place, ()| fail(place)), Err(40));
    }
}
