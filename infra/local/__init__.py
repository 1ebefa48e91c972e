"""The laptop's cloud: the whole service on 127.0.0.1, read from `template.yaml`, with moto in place of AWS.

To read it, follow one request: `gateway` finds the route (`routes`), builds the event (`events`), calls an instance
(`functions`), turns the answer into HTTP (`answers`, `refusals`), and `state` saves before the caller knows. Then
follow one row: `pump` plays streams (`streams`, `patterns`, `batches`), queues (`queues`) and schedules (`timekeeper`).
`template` and `stack` say what exists; `moto_cloud` is AWS; `mailbox` shows what was sent; `laptop` composes it all.
"""
