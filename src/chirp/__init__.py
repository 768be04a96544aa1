"""Chirp, a small social network: the sample application that Groma sizes, provisions and verifies.

    social/      the application itself: people, posts, followers, timelines, pictures; no AWS, no I/O
    servers/     its host on web and application servers, before one database and its replica
    functions/   its host on Lambda, before Cognito, DynamoDB, SNS, SQS and S3
    world/       its servers in several regions, before sharded databases, a cache and a global table
    site/        the pages, which work before each host
    shipping/    what is built and described so that it can be deployed

All but `shipping` runs where it is deployed, and knows nothing of Groma.
"""
