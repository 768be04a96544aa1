"""The application's Lambda functions over Cognito, DynamoDB, SNS, SQS and S3.

    names.py         names in table and bucket that others have to know
    table.py         the one table: its items, and how they are read and written
    accounts.py      sign-up, confirmation and login in Cognito; account items
    posts.py         posts, and the timelines that they are copied to
    follows.py       who follows whom, with counts
    uploads.py       presigned uploads and what became of them
    messages.py      a batch of a queue's messages, each of which may fail alone
    api.py           function behind API Gateway
    fan_out.py       function that writes a post into its author's followers' timelines
    pictures.py      function that checks an upload and makes its thumbnail
    housekeeping.py  function that repairs and removes, by schedule

Nothing is imported here: what a function does not need, its cold start does not pay for.
"""
