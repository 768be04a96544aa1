mock_provider "aws" {
  override_during = plan # Terraform passes no ephemeral variable, such as password, to an apply of a test

  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_region" {
    defaults = { id = "eu-west-1" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/chirp-monitoring-eu-west-1" }
  }

  mock_resource "aws_security_group" {
    defaults = { id = "sg-0fedcba9876543210" }
  }

  mock_resource "aws_rds_global_cluster" {
    defaults = {
      id       = "chirp"
      endpoint = "chirp.global-1a2b3c.global.rds.amazonaws.com"
    }
  }

  mock_resource "aws_rds_cluster" {
    defaults = {
      id = "chirp-eu-west-1"

      cluster_resource_id = "cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ"
      endpoint            = "chirp-eu-west-1.cluster-1a2b3c.eu-west-1.rds.amazonaws.com"
      reader_endpoint     = "chirp-eu-west-1.cluster-ro-1a2b3c.eu-west-1.rds.amazonaws.com"
    }
  }
}

variables {
  name                      = "chirp"
  global_cluster_id         = "chirp"
  vpc_id                    = "vpc-0a1b2c3d4e5f60718"
  subnet_ids                = ["subnet-0cccccccccccccccc", "subnet-0dddddddddddddddd", "subnet-0eeeeeeeeeeeeeeee"]
  client_security_group_ids = { app = "sg-0123456789abcdef0" }
  instances                 = { class = "db.r7g.xlarge", count = 2, zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"] }
  kms_key_arn               = "arn:aws:kms:eu-west-1:111122223333:key/6b1f0a52-8c7e-4d1b-9e55-0f5b1b3a7c21"
}

run "lets_one_role_of_its_own_sign_in" {
  command = plan

  assert {
    condition     = aws_rds_cluster.this.iam_database_authentication_enabled && jsondecode(output.connect_policy).Statement[0].Resource == ["arn:aws:rds-db:eu-west-1:111122223333:dbuser:cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ/application"]
    error_message = "Who has the policy must be able to sign in as the application's role here, and nowhere else."
  }
}

run "takes_as_many_forwarded_writes_as_it_is_told" {
  command = plan

  variables {
    forwarded_percent = 42
  }

  assert {
    condition     = { for p in aws_rds_cluster_parameter_group.this.parameter : p.name => p.value }["apg_write_forward.max_forwarding_connections_percent"] == "42"
    error_message = "The writer must take as many connections of other regions as it is told."
  }
}

run "rejects_more_forwarded_writes_than_connections" {
  command = plan

  variables {
    forwarded_percent = 101
  }

  expect_failures = [var.forwarded_percent]
}

run "joins_as_a_secondary" {
  command = plan

  assert {
    condition     = length(aws_rds_global_cluster.this) == 0 && aws_rds_cluster.this.global_cluster_identifier == "chirp"
    error_message = "A secondary must join the global database and make none."
  }

  assert {
    condition     = aws_rds_cluster.this.cluster_identifier == "chirp-eu-west-1" && aws_rds_cluster.this.engine == "aurora-postgresql" && aws_rds_cluster.this.engine_version == "16.8"
    error_message = "The cluster must be named after its region and run the version asked for."
  }

  assert {
    condition     = aws_rds_cluster.this.enable_global_write_forwarding == true
    error_message = "A secondary must forward writes."
  }

  assert {
    condition     = output.global_cluster_id == "chirp" && output.global_endpoint == null && output.port == 5432 && output.database_name == "chirp"
    error_message = "What clients and other regions need must be given out."
  }

  assert {
    condition     = output.reader_endpoint == "chirp-eu-west-1.cluster-ro-1a2b3c.eu-west-1.rds.amazonaws.com" && output.writer_endpoint == "chirp-eu-west-1.cluster-1a2b3c.eu-west-1.rds.amazonaws.com"
    error_message = "Both host names of the cluster must be given out."
  }
}

run "spreads_the_instances_over_the_zones" {
  command = plan

  variables {
    instances = { class = "db.r7g.xlarge", count = 4, zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"] }
  }

  assert {
    condition = { for number, instance in aws_rds_cluster_instance.this : number => instance.availability_zone } == {
      "1" = "eu-west-1a", "2" = "eu-west-1b", "3" = "eu-west-1c", "4" = "eu-west-1a"
    }
    error_message = "The instances must take the zones in turn."
  }

  assert {
    condition     = [for number in ["1", "2", "3", "4"] : aws_rds_cluster_instance.this[number].promotion_tier] == [0, 1, 2, 3]
    error_message = "The instances must be promoted in their order."
  }

  assert {
    condition     = output.instance_ids == { "1" = "chirp-eu-west-1-1", "2" = "chirp-eu-west-1-2", "3" = "chirp-eu-west-1-3", "4" = "chirp-eu-west-1-4" }
    error_message = "The instances' identifiers must be given out by number."
  }

  assert {
    condition     = alltrue([for instance in aws_rds_cluster_instance.this : instance.instance_class == "db.r7g.xlarge" && !instance.publicly_accessible && instance.performance_insights_enabled && instance.monitoring_interval == 60])
    error_message = "Every instance must be of the class asked for, private and watched."
  }
}

run "makes_the_global_database_as_the_primary" {
  command = plan

  variables {
    global_cluster_id = null
    primary           = { password_version = 3 }
    password          = "correct-horse-battery-staple"
  }

  assert {
    condition     = aws_rds_global_cluster.this[0].global_cluster_identifier == "chirp" && aws_rds_global_cluster.this[0].storage_encrypted && aws_rds_global_cluster.this[0].deletion_protection
    error_message = "The primary must make the global database, encrypted and protected."
  }

  assert {
    condition     = aws_rds_global_cluster.this[0].engine_version == aws_rds_cluster.this.engine_version && aws_rds_global_cluster.this[0].database_name == aws_rds_cluster.this.database_name
    error_message = "Global database and cluster must agree on version and first database."
  }

  assert {
    condition     = aws_rds_cluster.this.master_username == "administrator" && aws_rds_cluster.this.master_password_wo_version == 3
    error_message = "The primary must have the master user, and take its password by version."
  }

  assert {
    condition     = output.global_cluster_id == "chirp" && output.global_endpoint == "chirp.global-1a2b3c.global.rds.amazonaws.com"
    error_message = "The primary must give out the global database."
  }
}

run "is_encrypted_protected_and_backed_up" {
  command = plan

  assert {
    condition     = aws_rds_cluster.this.storage_encrypted && aws_rds_cluster.this.kms_key_id == var.kms_key_arn && aws_cloudwatch_log_group.this.kms_key_id == var.kms_key_arn
    error_message = "Storage and logs must be encrypted with this region's key."
  }

  assert {
    condition     = aws_rds_cluster.this.deletion_protection && aws_rds_cluster.this.backup_retention_period == 7 && aws_rds_cluster.this.iam_database_authentication_enabled
    error_message = "The cluster must be protected and backed up."
  }

  assert {
    condition     = { for p in aws_rds_cluster_parameter_group.this.parameter : p.name => p.value }["rds.force_ssl"] == "1" && aws_rds_cluster_parameter_group.this.family == "aurora-postgresql16"
    error_message = "Connections must be encrypted."
  }

  assert {
    condition     = aws_cloudwatch_log_group.this.name == "/aws/rds/cluster/chirp-eu-west-1/postgresql"
    error_message = "The log group must be the one that RDS writes to."
  }
}

run "lets_in_only_its_clients" {
  command = plan

  assert {
    condition     = aws_vpc_security_group_ingress_rule.from_client["app"].from_port == 5432 && aws_vpc_security_group_ingress_rule.from_client["app"].referenced_security_group_id == "sg-0123456789abcdef0"
    error_message = "The client's group must be let in on PostgreSQL's port."
  }

  assert {
    condition     = aws_vpc_security_group_egress_rule.client_to_database["app"].security_group_id == "sg-0123456789abcdef0" && aws_vpc_security_group_egress_rule.client_to_database["app"].to_port == 5432
    error_message = "The client's way out must be opened."
  }
}

run "keeps_a_last_snapshot_of_the_primary_alone" {
  command = plan

  variables {
    global_cluster_id = null
    primary           = { password_version = 1 }
    password          = "correct-horse-battery-staple"
  }

  assert {
    condition     = !aws_rds_cluster.this.skip_final_snapshot && aws_rds_cluster.this.final_snapshot_identifier == "chirp-final"
    error_message = "A protected primary must leave a snapshot."
  }
}

run "goes_without_a_trace_when_unprotected" {
  command = plan

  variables {
    deletion_protection = false
  }

  assert {
    condition     = !aws_rds_cluster.this.deletion_protection && aws_rds_cluster.this.skip_final_snapshot
    error_message = "Without protection the cluster must go, and leave no snapshot."
  }
}

run "rejects_a_region_that_is_both" {
  command = plan

  variables {
    primary  = { password_version = 1 }
    password = "correct-horse-battery-staple"
  }

  expect_failures = [var.global_cluster_id]
}

run "rejects_a_primary_without_password" {
  command = plan

  variables {
    global_cluster_id = null
    primary           = { password_version = 1 }
  }

  expect_failures = [var.password]
}

run "rejects_a_burstable_class" {
  command = plan

  variables {
    instances = { class = "db.t4g.medium", count = 2, zones = ["eu-west-1a", "eu-west-1b"] }
  }

  expect_failures = [var.instances]
}

run "rejects_instances_in_one_zone" {
  command = plan

  variables {
    instances = { class = "db.r7g.large", count = 2, zones = ["eu-west-1a"] }
  }

  expect_failures = [var.instances]
}

run "rejects_a_major_version_alone" {
  command = plan

  variables {
    engine_version = "16"
  }

  expect_failures = [var.engine_version]
}

run "rejects_unencrypted_connections" {
  command = plan

  variables {
    parameters = { "rds.force_ssl" = "0" }
  }

  expect_failures = [var.parameters]
}
