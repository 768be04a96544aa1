variable "name" {
  description = "Name of what the file is for; the bucket is <name>-artifact-<account id>-<region>."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,25}$", var.name))
    error_message = "name must be 2 to 26 lower-case letters, digits or '-', and not begin with '-': it begins the bucket's name, which has 63 characters at most."
  }
}

variable "file" {
  description = "Path of the zip archive to keep, such as \"servers/application.zip\"; its name is the object's key."
  type        = string
  nullable    = false

  validation {
    condition     = endswith(var.file, ".zip") && fileexists(var.file)
    error_message = "file must be the path of a zip archive that exists: ${var.file} is none."
  }
}

variable "force_destroy" {
  description = "Whether the bucket may be destroyed together with what it holds."
  type        = bool
  default     = false
  nullable    = false
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts the bucket; who reads must be let use it; null for AWS's own, which costs nothing."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key, such as \"arn:aws:kms:us-east-1:111122223333:key/…\", or null."
  }
}
