"""A receiver of traces for one machine: shows what a system with OTLP_ENDPOINT set does, as trees."""
