"""The embedded cloud: two AWS emulators on loopback behind one small room.

    cloud = EmbeddedCloud(Path(".groma/cloud"))
    endpoints = cloud.start()                      # or finds the one that runs
    endpoints.client("ec2").describe_vpcs()        # boto3
    endpoints.environment()                        # for Terraform and the AWS CLI
    cloud.save()
    cloud.stop(discard=False)

It runs until it is stopped, also when the command that started it has ended.
"""

from groma.live.embedded.cloud import EmbeddedCloud
from groma.live.embedded.endpoints import ACCOUNT_ID, Endpoints
from groma.live.embedded.gate import Account
from groma.live.embedded.routing import SERVICES, Emulator, Service

__all__ = ["ACCOUNT_ID", "SERVICES", "Account", "EmbeddedCloud", "Emulator", "Endpoints", "Service"]
