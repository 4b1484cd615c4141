"""The outer part: Faust, brokers, files, clocks. Decisions are made in `streams.core`."""
