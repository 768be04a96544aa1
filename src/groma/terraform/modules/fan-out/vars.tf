variable "name" {
  description = "Name of the topic; each queue is <name>-<queue>, its dead-letter queue <name>-<queue>-dead-letter."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,40}$", var.name))
    error_message = "name must be 1 to 40 letters, digits, '-' or '_': the queues' names have more behind it."
  }
}

variable "queues" {
  description = "Queues by name that each get every message of the topic: the timeout in seconds of the function that takes from it (a message is hidden six times as long), how often a message is tried before it goes to the dead-letter queue, and a filter by message attributes (each with the values that it may have)."
  type = map(object({
    function_timeout_s = number
    max_receive_count  = optional(number, 5)
    filter             = optional(map(list(string)), {})
  }))
  nullable = false

  validation {
    condition     = length(var.queues) > 0 && alltrue([for name in keys(var.queues) : can(regex("^[A-Za-z0-9_-]{1,27}$", name))])
    error_message = "queues must hold at least one queue, each named with 1 to 27 letters, digits, '-' or '_'."
  }

  validation {
    condition     = alltrue([for queue in values(var.queues) : queue.function_timeout_s >= 1 && queue.function_timeout_s <= 900])
    error_message = "function_timeout_s in queues must be 1 to 900."
  }

  validation {
    condition     = alltrue([for queue in values(var.queues) : queue.max_receive_count >= 1 && queue.max_receive_count <= 1000])
    error_message = "max_receive_count in queues must be 1 to 1,000."
  }
}

variable "queues_elsewhere" {
  description = "Queues of other regions that get every message of the topic, too: by a name of one's choice, the queue's ARN, as this module tells it there. Their topic_arns_elsewhere must name this topic."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for arn in values(var.queues_elsewhere) : can(regex("^arn:[a-z-]+:sqs:", arn))])
    error_message = "Each of queues_elsewhere must be the ARN of a queue, such as \"arn:aws:sqs:eu-west-1:111122223333:posts-timelines\"."
  }
}

variable "topic_arns_elsewhere" {
  description = "ARNs of topics of other regions that may send to the queues, too."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.topic_arns_elsewhere : can(regex("^arn:[a-z-]+:sns:", arn))])
    error_message = "Each of topic_arns_elsewhere must be the ARN of a topic, such as \"arn:aws:sns:eu-west-1:111122223333:posts\"."
  }
}

variable "bucket_arns" {
  description = "ARNs of the buckets that may publish to the topic what happens in them; the topic's key must let S3 use it."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.bucket_arns : can(regex("^arn:[a-z-]+:s3:::", arn))])
    error_message = "Each of bucket_arns must be the ARN of a bucket, such as \"arn:aws:s3:::chirp-media-111122223333\"."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts the topic; its policy must let SNS use it. The queues are encrypted with SQS's own key, which costs nothing."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[a-z-]+:kms:", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key, such as \"arn:aws:kms:us-east-1:111122223333:key/…\"."
  }
}
