"""The API in OpenAPI 3.1: one module a topic, each with its `OPERATIONS` and the `SCHEMAS` that they show.

An operation is one entry of `OPERATIONS`, by its method and its path below `/api/dext/v1/`. What every call has (bearer
token, parameters of the path, headers, refusals) is added by `rendering`.
"""
