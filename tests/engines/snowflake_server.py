"""An emulator of Snowflake's server: fakesnow, which translates to DuckDB, without one of its faults.

    snowflake_server.py PORT    listens on loopback until it is stopped

It sends a null instant as the first second of 1970; here a null is sent. Knows nothing about metrics.
"""

import sys

import fakesnow.arrow
import fakesnow.server
import pyarrow
import uvicorn

as_structures = fakesnow.arrow.timestamp_to_sf_struct


def with_nulls(instants):
    if isinstance(instants, pyarrow.ChunkedArray):
        instants = instants.combine_chunks()
    structures = as_structures(instants)
    parts = [structures.field(place) for place in range(structures.type.num_fields)]
    fields = [structures.type.field(place) for place in range(structures.type.num_fields)]
    return pyarrow.StructArray.from_arrays(parts, fields=fields, mask=instants.is_null())


def main(port):
    fakesnow.arrow.timestamp_to_sf_struct = with_nulls
    uvicorn.run(fakesnow.server.app, host="127.0.0.1", port=int(port), log_level="warning")


if __name__ == "__main__":
    main(*sys.argv[1:])
