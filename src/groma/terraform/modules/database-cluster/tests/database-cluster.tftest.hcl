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

  mock_resource "aws_rds_cluster" {
    defaults = {
      id = "chirp"

      cluster_resource_id = "cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ"
      endpoint            = "chirp.cluster-1a2b3c.eu-west-1.rds.amazonaws.com"
      reader_endpoint     = "chirp.cluster-ro-1a2b3c.eu-west-1.rds.amazonaws.com"
    }
  }
}

variables {
  name                      = "chirp"
  vpc_id                    = "vpc-0a1b2c3d4e5f60718"
  subnet_ids                = ["subnet-0cccccccccccccccc", "subnet-0dddddddddddddddd"]
  client_security_group_ids = { app = "sg-0123456789abcdef0" }
  instances                 = { class = "db.r7g.xlarge", count = 2, zones = ["eu-west-1a", "eu-west-1b"] }
  secret_arn                = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:chirp-database-1a2b3c"
  password                  = "correct-horse-battery-staple"
  password_version          = 3
  kms_key_arn               = "arn:aws:kms:eu-west-1:111122223333:key/6b1f0a52-8c7e-4d1b-9e55-0f5b1b3a7c21"
}

run "is_one_cluster_of_no_other_region" {
  command = plan

  assert {
    condition     = aws_rds_cluster.this.cluster_identifier == "chirp" && aws_rds_cluster.this.engine == "aurora-postgresql" && aws_rds_cluster.this.global_cluster_identifier == null
    error_message = "The cluster must bear the name given, and belong to no global database."
  }

  assert {
    condition     = aws_rds_cluster.this.master_username == "administrator" && aws_rds_cluster.this.master_password_wo_version == 3 && output.secret_arn == var.secret_arn
    error_message = "The cluster must have the master user, take its password by version, and say where it is kept."
  }

  assert {
    condition     = output.writer_endpoint == "chirp.cluster-1a2b3c.eu-west-1.rds.amazonaws.com" && output.reader_endpoint == "chirp.cluster-ro-1a2b3c.eu-west-1.rds.amazonaws.com" && output.port == 5432 && output.database_name == "chirp"
    error_message = "The names for writing and for reading must be given out."
  }
}

run "spreads_its_instances_over_the_zones" {
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
    condition     = output.instance_ids == { "1" = "chirp-1", "2" = "chirp-2", "3" = "chirp-3", "4" = "chirp-4" }
    error_message = "The instances' identifiers must be given out by number."
  }

  assert {
    condition     = alltrue([for instance in aws_rds_cluster_instance.this : instance.instance_class == "db.r7g.xlarge" && !instance.publicly_accessible && instance.performance_insights_enabled && instance.monitoring_interval == 60])
    error_message = "Every instance must be of the class asked for, private and watched."
  }
}

run "takes_a_writer_alone" {
  command = plan

  variables {
    instances = { class = "db.r7g.large", count = 1, zones = ["eu-west-1a"] }
  }

  assert {
    condition     = length(aws_rds_cluster_instance.this) == 1
    error_message = "A cluster may have its writer alone."
  }
}

run "follows_minor_versions_of_a_major_one" {
  command = plan

  assert {
    condition     = aws_rds_cluster.this.engine_version == "16" && aws_rds_cluster_instance.this["1"].auto_minor_version_upgrade
    error_message = "Of a major version Aurora's minor upgrades must be followed."
  }
}

run "keeps_a_minor_version_that_is_stated" {
  command = plan

  variables {
    engine_version = "17.4"
  }

  assert {
    condition     = aws_rds_cluster.this.engine_version == "17.4" && !aws_rds_cluster_instance.this["1"].auto_minor_version_upgrade && aws_rds_cluster_parameter_group.this.family == "aurora-postgresql17"
    error_message = "A minor version that is stated must stay."
  }
}

run "is_encrypted_protected_and_backed_up" {
  command = plan

  assert {
    condition     = aws_rds_cluster.this.storage_encrypted && aws_rds_cluster.this.kms_key_id == var.kms_key_arn && aws_cloudwatch_log_group.this.kms_key_id == var.kms_key_arn
    error_message = "Storage and logs must be encrypted with the key."
  }

  assert {
    condition     = aws_rds_cluster.this.deletion_protection && aws_rds_cluster.this.backup_retention_period == 7 && aws_rds_cluster.this.final_snapshot_identifier == "chirp-final" && !aws_rds_cluster.this.skip_final_snapshot
    error_message = "The cluster must be protected and backed up, and leave a snapshot."
  }

  assert {
    condition     = { for p in aws_rds_cluster_parameter_group.this.parameter : p.name => p.value }["rds.force_ssl"] == "1" && aws_rds_cluster_parameter_group.this.family == "aurora-postgresql16"
    error_message = "Connections must be encrypted."
  }

  assert {
    condition     = aws_cloudwatch_log_group.this.name == "/aws/rds/cluster/chirp/postgresql"
    error_message = "The log group must be the one that RDS writes to."
  }
}

run "lets_one_role_of_its_own_sign_in" {
  command = plan

  assert {
    condition     = aws_rds_cluster.this.iam_database_authentication_enabled && jsondecode(output.connect_policy).Statement[0].Resource == ["arn:aws:rds-db:eu-west-1:111122223333:dbuser:cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ/application"]
    error_message = "Who has the policy must be able to sign in as the application's role here, and nowhere else."
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

run "rejects_readers_in_the_writers_zone_alone" {
  command = plan

  variables {
    instances = { class = "db.r7g.large", count = 2, zones = ["eu-west-1a"] }
  }

  expect_failures = [var.instances]
}

run "rejects_more_than_sixteen_instances" {
  command = plan

  variables {
    instances = { class = "db.r7g.large", count = 17, zones = ["eu-west-1a", "eu-west-1b"] }
  }

  expect_failures = [var.instances]
}

run "rejects_a_version_of_another_engine" {
  command = plan

  variables {
    engine_version = "8.4"
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

run "rejects_a_password_that_rds_refuses" {
  command = plan

  variables {
    password = "with/slash@and space"
  }

  expect_failures = [var.password]
}
