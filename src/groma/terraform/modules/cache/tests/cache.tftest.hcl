mock_provider "aws" {
  mock_resource "aws_elasticache_replication_group" {
    defaults = {
      id                             = "chirp"
      arn                            = "arn:aws:elasticache:us-east-1:111122223333:replicationgroup:chirp"
      configuration_endpoint_address = "clustercfg.chirp.1a2b3c.use1.cache.amazonaws.com"
      member_clusters                = ["chirp-0002-001", "chirp-0001-001", "chirp-0001-002", "chirp-0002-002"]
    }
  }

  mock_resource "aws_elasticache_user" {
    defaults = { arn = "arn:aws:elasticache:us-east-1:111122223333:user:chirp-application" }
  }

  mock_resource "aws_security_group" {
    defaults = { id = "sg-0fedcba9876543210" }
  }
}

variables {
  name                      = "chirp"
  vpc_id                    = "vpc-0a1b2c3d4e5f60718"
  subnet_ids                = ["subnet-0cccccccccccccccc", "subnet-0dddddddddddddddd", "subnet-0eeeeeeeeeeeeeeee"]
  client_security_group_ids = { app = "sg-0123456789abcdef0" }
  node_type                 = "cache.m7g.large"
  shards                    = 2
  replicas_per_shard        = 1
  kms_key_arn               = "arn:aws:kms:us-east-1:111122223333:key/6b1f0a52-8c7e-4d1b-9e55-0f5b1b3a7c21"
}

run "spreads_keys_over_shards_with_replicas" {
  command = apply

  assert {
    condition     = aws_elasticache_replication_group.this.num_node_groups == 2 && aws_elasticache_replication_group.this.replicas_per_node_group == 1 && aws_elasticache_replication_group.this.cluster_mode == "enabled"
    error_message = "Shards and replicas must be as asked for, in cluster mode."
  }

  assert {
    condition     = aws_elasticache_replication_group.this.automatic_failover_enabled && aws_elasticache_replication_group.this.multi_az_enabled
    error_message = "A replica in another zone must take over by itself."
  }

  assert {
    condition     = aws_elasticache_replication_group.this.engine == "valkey" && aws_elasticache_replication_group.this.engine_version == "8.0" && aws_elasticache_replication_group.this.parameter_group_name == "default.valkey8.cluster.on"
    error_message = "Engine, version and parameters must agree."
  }

  assert {
    condition     = join(" ", output.node_ids) == "chirp-0001-001 chirp-0001-002 chirp-0002-001 chirp-0002-002" && output.endpoint == "clustercfg.chirp.1a2b3c.use1.cache.amazonaws.com" && output.port == 6379
    error_message = "Nodes and endpoint must be given out."
  }
}

run "is_encrypted_in_both_ways" {
  command = apply

  assert {
    condition     = aws_elasticache_replication_group.this.at_rest_encryption_enabled && aws_elasticache_replication_group.this.kms_key_id == var.kms_key_arn
    error_message = "What is written to disk must be encrypted with the key."
  }

  assert {
    condition     = aws_elasticache_replication_group.this.transit_encryption_enabled && aws_elasticache_replication_group.this.transit_encryption_mode == "required"
    error_message = "Connections must be encrypted."
  }
}

run "lets_roles_sign_in_without_a_password" {
  command = apply

  assert {
    condition     = aws_elasticache_user.application.authentication_mode[0].type == "iam" && aws_elasticache_user.application.user_id == aws_elasticache_user.application.user_name
    error_message = "The user must sign in by IAM, for which id and name must be the same."
  }

  assert {
    condition     = aws_elasticache_user_group.this.user_ids == toset([output.user_name]) && aws_elasticache_replication_group.this.user_group_ids == toset([aws_elasticache_user_group.this.id])
    error_message = "Nobody else may sign in."
  }

  assert {
    condition = jsondecode(output.connect_policy).Statement[0].Resource == [
      "arn:aws:elasticache:us-east-1:111122223333:replicationgroup:chirp",
      "arn:aws:elasticache:us-east-1:111122223333:user:chirp-application",
    ]
    error_message = "The policy must let a role sign in to this cache alone."
  }
}

run "lets_in_only_its_clients" {
  command = apply

  assert {
    condition     = aws_vpc_security_group_ingress_rule.from_client["app"].from_port == 6379 && aws_vpc_security_group_ingress_rule.from_client["app"].referenced_security_group_id == "sg-0123456789abcdef0"
    error_message = "The client's group must be let in on Valkey's port."
  }

  assert {
    condition     = aws_vpc_security_group_egress_rule.client_to_cache["app"].security_group_id == "sg-0123456789abcdef0" && aws_vpc_security_group_egress_rule.client_to_cache["app"].to_port == 6379
    error_message = "The client's way out must be opened."
  }
}

run "rejects_a_shard_without_replica" {
  command = plan

  variables {
    replicas_per_shard = 0
  }

  expect_failures = [var.replicas_per_shard]
}

run "rejects_more_nodes_than_a_cache_takes" {
  command = plan

  variables {
    shards = 251
  }

  expect_failures = [var.shards]
}

run "rejects_a_type_of_another_service" {
  command = plan

  variables {
    node_type = "m7g.large"
  }

  expect_failures = [var.node_type]
}

run "rejects_subnets_in_one_zone" {
  command = plan

  variables {
    subnet_ids = ["subnet-0cccccccccccccccc"]
  }

  expect_failures = [var.subnet_ids]
}

run "rejects_a_name_that_is_too_long" {
  command = plan

  variables {
    name = "chirp-the-best-of-all-applications"
  }

  expect_failures = [var.name]
}
