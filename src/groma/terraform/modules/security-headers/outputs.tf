output "id" {
  description = "Id of the policy, for the behaviours of a distribution."
  value       = aws_cloudfront_response_headers_policy.this.id
}

output "content_security_policy" {
  description = "What pages may load, and where they may send to."
  value       = local.content_security_policy
}
