output "id" {
  description = "Id of the replication group (dimension ReplicationGroupId)."
  value       = aws_elasticache_replication_group.this.id
}

output "arn" {
  description = "ARN of the replication group."
  value       = aws_elasticache_replication_group.this.arn
}

output "node_ids" {
  description = "Ids of the nodes, sorted (dimension CacheClusterId)."
  value       = sort(aws_elasticache_replication_group.this.member_clusters)
}

output "endpoint" {
  description = "Host name from which a client learns of all shards."
  value       = aws_elasticache_replication_group.this.configuration_endpoint_address
}

output "port" {
  description = "Port of all nodes."
  value       = local.port
}

output "user_name" {
  description = "Name under which clients sign in, with a token of their IAM role."
  value       = aws_elasticache_user.application.user_name
}

output "connect_policy" {
  description = "IAM policy as JSON that lets a role sign in to this cache, and to no other."
  value       = local.connect_policy
}

output "security_group_id" {
  description = "Id of the cache's security group."
  value       = aws_security_group.this.id
}
