output "secret_arn" {
  description = "ARN of the secret."
  value       = data.aws_secretsmanager_secret.this.arn
}

output "secret_version" {
  description = "Id of the version that holds now; another one once the password is rotated."
  value       = local.current
}

output "port" {
  description = "Port of the database."
  value       = var.port
}

output "read_policy" {
  description = "IAM policy as JSON that lets a role read this secret, and no other."

  # By whatever key its owner encrypts it: that only this secret is decrypted says the context
  # (https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html).
  value = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "ReadsSecret"
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue"]
        Resource = data.aws_secretsmanager_secret.this.arn
      },
      {
        Sid      = "DecryptsSecret"
        Effect   = "Allow"
        Action   = ["kms:Decrypt"]
        Resource = "arn:${data.aws_partition.current.partition}:kms:${data.aws_region.current.id}:*:key/*"
        Condition = {
          StringEquals = {
            "kms:ViaService"                  = "secretsmanager.${data.aws_region.current.id}.amazonaws.com"
            "kms:EncryptionContext:SecretARN" = data.aws_secretsmanager_secret.this.arn
          }
        }
      },
    ]
  })
}
