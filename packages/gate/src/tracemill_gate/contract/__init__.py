"""The contract harness: drift, evolution and examples of the JSON Schemas."""
