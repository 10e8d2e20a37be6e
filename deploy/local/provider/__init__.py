"""A local SMS provider that behaves like a real one: it accepts, delays, refuses, and reports back when it likes.

`POST /sms/v1/messages` takes a message, with `client_ref` as its idempotency key: the same ref again gives the same
`provider_id`, the same ref with another body 409. `GET /sms/v1/messages/{client_ref}` says what became of it, or 404.
Every accepted message is one line of the log file, text in full: the file to read when one wants to see the SMS.
What was reported of each stands beside it (`….reports.jsonl`); both are read again after a restart.

Reports go to the callback URL by the Standard Webhooks scheme. A secret that begins with `whsec_` is base64 behind it,
as that scheme says; any other is taken as its UTF-8 bytes.

How it misbehaves, by `PUT /control {"mode", "count" | "rate", "seed", "delay_seconds"}`: for the next `count` calls,
for a share `rate` of them (the same ones for the same seed), or, with neither, for all. Modes add up; `normal` ends
them all.

| mode | what happens |
|---|---|
| `refuse` | 422 NumberBlocked, nothing is accepted |
| `busy` | 429 with Retry-After, nothing is accepted |
| `broken` | 500, 502 or 503, nothing is accepted |
| `slow` | the answer (and the acceptance) comes after `delay_seconds` |
| `timeout` | accepted at once, answered after `delay_seconds` only |
| `undelivered` | reported as sent, then failed |
| `twice` | each report comes twice |
| `reversed` | delivered is reported before sent |
| `silent` | nothing is reported |

By number, always: +91 99999 0.... with the last four digits 0400 refuse, 0429 busy, 0500 broken, 0504 timeout
(these three at the first call of a client_ref only), 0001 undelivered, 0002 twice, 0003 reversed, 0004 silent.
"""
