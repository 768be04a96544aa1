locals {
  port   = 6379
  family = "valkey${split(".", var.engine_version)[0]}"

  connect_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "elasticache:Connect"
      Resource = [aws_elasticache_replication_group.this.arn, aws_elasticache_user.application.arn]
    }]
  })
}

resource "aws_elasticache_subnet_group" "this" {
  name        = var.name
  description = "Private subnets of ${var.name}"
  subnet_ids  = var.subnet_ids

  tags = { Name = var.name }
}

# Always in cluster mode, also with one shard: so shards can be added while the cache serves, and clients need not change.
resource "aws_elasticache_replication_group" "this" {
  replication_group_id = var.name
  description          = "Cache ${var.name}"
  engine               = "valkey"
  engine_version       = var.engine_version
  parameter_group_name = "default.${local.family}.cluster.on"
  node_type            = var.node_type

  cluster_mode               = "enabled"
  num_node_groups            = var.shards
  replicas_per_node_group    = var.replicas_per_shard
  automatic_failover_enabled = true
  multi_az_enabled           = true

  port               = local.port
  subnet_group_name  = aws_elasticache_subnet_group.this.name
  security_group_ids = [aws_security_group.this.id]
  user_group_ids     = [aws_elasticache_user_group.this.id]

  at_rest_encryption_enabled = true
  kms_key_id                 = var.kms_key_arn
  transit_encryption_enabled = true
  transit_encryption_mode    = "required"

  snapshot_retention_limit   = 0 # what a cache holds can be had again
  auto_minor_version_upgrade = true
  apply_immediately          = true

  tags = { Name = var.name }
}

# Clients sign in with their IAM role, so there is no password to keep or to rotate. ElastiCache wants the id and the
# name of such a user to be the same.
resource "aws_elasticache_user" "application" {
  user_id       = "${var.name}-application"
  user_name     = "${var.name}-application"
  engine        = "valkey"
  access_string = "on ~* +@all"

  authentication_mode {
    type = "iam"
  }

  tags = { Name = "${var.name}-application" }
}

resource "aws_elasticache_user_group" "this" {
  user_group_id = var.name
  engine        = "valkey"
  user_ids      = [aws_elasticache_user.application.user_id]

  tags = { Name = var.name }
}

# No way out: a cache calls nobody.
resource "aws_security_group" "this" {
  name        = var.name
  description = "Cache ${var.name}"
  vpc_id      = var.vpc_id

  tags = { Name = var.name }
}

resource "aws_vpc_security_group_ingress_rule" "from_client" {
  for_each = var.client_security_group_ids

  security_group_id            = aws_security_group.this.id
  description                  = "Valkey from ${each.key}"
  referenced_security_group_id = each.value
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port

  tags = { Name = "${var.name}-from-${each.key}" }
}

resource "aws_vpc_security_group_egress_rule" "client_to_cache" {
  for_each = var.client_security_group_ids

  security_group_id            = each.value
  description                  = "Valkey to ${var.name}"
  referenced_security_group_id = aws_security_group.this.id
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port

  tags = { Name = "${each.key}-to-${var.name}" }
}
